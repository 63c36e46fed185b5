-- Planned for each key anew: what few operations name goes by the index of key sets, what millions name by the log itself.
-- Operations that are in force no more come without a DID, so that the planner need not guess how many they are.
select o.id, 'did:plc:' || a.did as did, nullif(o.handle, '') as handle, s.endpoint as pds, r.active, nullif(r.status, '') as status
from (select * from plc_operation x where x.key_set = any(?) and x.id > ? order by x.id limit ?) o
left join plc_account a on a.id = o.account and a.head = o.id
left join plc_pds s on s.id = o.pds
left join pds_endpoint p on p.pds = o.pds
left join pds_repo r on r.host = p.host and r.did = 'did:plc:' || a.did
order by o.id
