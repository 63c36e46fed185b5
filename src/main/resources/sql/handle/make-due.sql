-- What was checked longer ago, unless it is claimed at present.
with
old as (
    update handle_check
    set due = now()
    where checked_at <= cast(? as timestamptz) and due < 'infinity' and due > now() + ? * interval '1 second'
    returning parent)
update handle_parent set next_due = '-infinity' where id in (select parent from old) and next_due > '-infinity'
