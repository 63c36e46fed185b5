select c.seq, c.at, 'did:plc:' || a.did as did, o.handle, coalesce(s.endpoint, '') as pds,
       handle_result(c.was) as was, handle_result(c.result) as result, nullif(c.points_to, '') as points_to
from (select * from handle_change where seq > ? order by seq limit ?) c
join plc_account a on a.id = c.account
join plc_operation o on o.id = c.operation
left join plc_pds s on s.id = o.pds
order by c.seq
