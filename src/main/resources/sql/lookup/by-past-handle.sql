-- The stretches of time in which accounts declared the handle: each from the operation that began to up to the first that
-- declares another or none. What a recovery took back never was.
select c.account, 'did:plc:' || a.did as did, s.since,
       (select min(n.created_at) from plc_operation n
        where n.account = c.account and n.id > s.id and not n.nullified and n.handle <> s.handle) as until
from (
    select distinct o.account
    from plc_operation o
    where nullif(o.handle, '') = ? and not o.nullified and o.account > ?
    order by o.account
    limit ?) c
join plc_account a on a.id = c.account
cross join lateral (
    select o.id, o.created_at as since, o.handle, lag(o.handle) over (order by o.id) as before
    from plc_operation o
    where o.account = c.account and not o.nullified
    offset 0) s
where s.handle = ? and s.before is distinct from s.handle
order by c.account, s.id
