select count(*) from handle_check where due < 'infinity' and due <= cast(? as timestamptz)
