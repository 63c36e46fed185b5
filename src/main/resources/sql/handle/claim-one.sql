-- Whether it is due or not, and whether or not the stage has come to it. Whoever had claimed it keeps its answer, not its date.
with
asked as (
    select a.id as account, 'did:plc:' || a.did as did, o.id as operation, o.handle, cast(extract(epoch from o.created_at) as bigint) as declared,
           handle_parent_name(o.handle, cast(:#patterns as text[])) as parent
    from plc_account a
    join plc_operation o on o.id = a.head and o.account = a.id
    where 'did:plc:' || a.did = :#did and o.handle <> ''),
parents as (
    insert into handle_parent (id, name) select handle_parent_id(parent), parent from asked
    on conflict do nothing),
claimed as (
    insert into handle_check as v (account, parent, due)
    select account, handle_parent_id(parent), now() + :#lease * interval '1 second' from asked
    on conflict (account) do update set due = excluded.due, parent = excluded.parent
    returning v.account, v.operation, v.due, v.since, v.result, v.failures, v.points_to)
select 1 as visited, a.account, a.did, a.operation, a.handle, a.declared, cast(c.due as text) as claim, a.parent, cast(0 as float8) as starts,
       cast(c.result as text) as result, cast(extract(epoch from greatest(c.since, 'epoch')) as bigint) as since, c.failures, c.points_to,
       c.operation = a.operation or coalesce((select b.handle from plc_operation b where b.id = c.operation) = a.handle, false) as known
from asked a
join claimed c on c.account = a.account
