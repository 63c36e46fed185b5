-- As by-key-sets.sql, from a stretch of the log, for a key in so many key sets that it is found wherever one looks.
select o.id, 'did:plc:' || a.did as did, nullif(o.handle, '') as handle, s.endpoint as pds, r.active, nullif(r.status, '') as status
from (
    select x.*
    from (select * from plc_operation y where y.id > ? and y.id <= ? order by y.id) x
    cross join lateral (
        select from plc_key_set k where k.id = x.key_set and strpos(k.keys, ?) > 0 offset 0) k
    order by x.id
    limit ?) o
left join plc_account a on a.id = o.account and a.head = o.id
left join plc_pds s on s.id = o.pds
left join pds_endpoint p on p.pds = o.pds
left join pds_repo r on r.host = p.host and r.did = 'did:plc:' || a.did
order by o.id
