select 'did:plc:' || a.did as did, c.handle, r.active, handle_result(coalesce(v.result, '-')) as result
from handle_alike(?, ?) c
join plc_account a on a.id = c.account
join plc_operation o on o.id = a.head and o.account = a.id and o.handle = c.handle
left join handle_check v on v.account = a.id
    and (v.operation = o.id or (select b.handle from plc_operation b where b.id = v.operation) = o.handle)
left join pds_endpoint p on p.pds = o.pds
left join pds_repo r on r.host = p.host and r.did = 'did:plc:' || a.did
order by r.active is false, c.rank, c.likeness desc, c.handle
