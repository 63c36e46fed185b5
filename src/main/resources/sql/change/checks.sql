select c.seq, c.at, c.operation, 'did:plc:' || a.did as did, o.handle, coalesce(s.endpoint, '') as pds,
       handle_result(c.was) as was, handle_result(c.result) as result, nullif(c.points_to, '') as points_to
from (select cast(? as text[]) as hosts) w
cross join handle_change c
join plc_account a on a.id = c.account
join plc_operation o on o.id = c.operation
left join plc_pds s on s.id = o.pds
where c.seq > ? and c.seq <= ? and (w.hosts is null or rtrim(lower(s.endpoint), '/') = any(w.hosts))
order by c.seq
limit ?
