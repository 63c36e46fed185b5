-- Planned anew for each collection: a rare one goes by its own index, a frequent one by the accounts' key. What is asked of
-- each account stays a lookup ("offset 0"), or the planner might read all repos first.
select e.account, named.did
from account_extra e
cross join lateral (
    select 'did:plc:' || a.did as did
    from plc_account a
    join plc_operation o on o.id = a.head and o.account = a.id
    join pds_endpoint p on p.pds = o.pds
    join pds_repo r on r.host = p.host and r.did = 'did:plc:' || a.did
    where a.id = e.account and o.kind <> 't' and r.active
    offset 0) as named
where e.collections @> array[cast(? as text)] and e.account > ?
order by e.account
limit ?
