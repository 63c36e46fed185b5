-- Each account that ever declared the handle, with the time from which on it did so and that from which on it did no more.
select c.account, 'did:plc:' || a.did as did, c.since,
       case when h.handle = c.handle then null
            else (select min(n.created_at) from plc_operation n where n.account = c.account and n.id > c.last and not n.nullified) end as until
from (
    select o.account, nullif(o.handle, '') as handle, min(o.created_at) as since, max(o.id) as last
    from plc_operation o
    where nullif(o.handle, '') = ? and not o.nullified
    group by o.account, nullif(o.handle, '')) c
join plc_account a on a.id = c.account
join plc_operation h on h.id = a.head and h.account = a.id
where c.account > ?
order by c.account
limit ?
