select o.id, 'did:plc:' || a.did as did, o.cid, o.created_at, o.nullified, o.kind, coalesce(k.keys, '') as keys,
       coalesce(s.endpoint, '') as endpoint, o.sig, o.signing_key, o.handle,
       (select 'bafyrei' || p.cid from plc_operation p where p.id = o.prev) as prev,
       case when o.odd then (select cast(x.operation as text) from plc_odd_operation x where x.id = o.id) end as odd
from (select * from plc_operation where id > ? order by id limit ?) o
join plc_account a on a.id = o.account
left join plc_key_set k on k.id = o.key_set
left join plc_pds s on s.id = o.pds
order by o.id
