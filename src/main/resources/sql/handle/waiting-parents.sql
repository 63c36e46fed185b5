select count(*) from handle_parent where next_due <= cast(? as timestamptz)
