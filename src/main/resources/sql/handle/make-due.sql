-- What was checked longer ago, unless it is claimed at present. In order, as others lock the same rows.
with
old as (
    select account from handle_check
    where checked_at <= cast(? as timestamptz) and due < 'infinity' and due > now() + ? * interval '1 second'
    order by account for update),
due as (
    update handle_check v set due = now() from old where v.account = old.account
    returning v.parent),
parents as (
    select id from handle_parent where id in (select parent from due) and next_due > '-infinity' order by id for update)
update handle_parent p set next_due = '-infinity' from parents where p.id = parents.id
