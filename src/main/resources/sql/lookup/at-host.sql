-- What the host lists or the log put down there, as far as its document still names the host.
select r.did, r.active, case when not r.active then nullif(r.status, '') end as status, x.handle, x.result
from (select did, active, status from pds_repo where host = ? and did > ? order by did limit ?) r
left join lateral (
    select nullif(o.handle, '') as handle, handle_result(coalesce(v.result, '-')) as result
    from plc_account a
    join plc_operation o on o.id = a.head and o.account = a.id
    join pds_endpoint p on p.pds = o.pds and p.host = ?
    left join handle_check v on v.account = a.id
        and (v.operation = o.id or (select b.handle from plc_operation b where b.id = v.operation) = o.handle)
    where 'did:plc:' || a.did = r.did and o.kind <> 't') x on true
order by r.did
