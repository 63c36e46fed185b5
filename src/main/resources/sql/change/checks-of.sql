select c.seq, c.at, c.operation, 'did:plc:' || a.did as did, o.handle, coalesce(s.endpoint, '') as pds,
       handle_result(c.was) as was, handle_result(c.result) as result, nullif(c.points_to, '') as points_to
from (select cast(? as text[]) as hosts) w
cross join (select cast(? as bigint) as low, cast(? as bigint) as high) stretch
cross join plc_account a
cross join lateral (select * from handle_change x where x.account = a.id and x.seq > low and x.seq <= high offset 0) c
join plc_operation o on o.id = c.operation
left join plc_pds s on s.id = o.pds
where 'did:plc:' || a.did = any(?) and (w.hosts is null or rtrim(lower(s.endpoint), '/') = any(w.hosts))
order by c.seq
limit ?
