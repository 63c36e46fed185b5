select o.id, o.account, o.created_at, o.prev, o.key_set, k.keys, o.pds, s.endpoint, o.signer, o.kind, o.odd, o.nullified,
       o.cid, o.sig, o.signing_key, o.handle,
       case when o.odd then (select cast(x.operation as text) from plc_odd_operation x where x.id = o.id) end as whole
from plc_operation o
left join plc_key_set k on k.id = o.key_set
left join plc_pds s on s.id = o.pds
where o.account >= ? and o.account < ?
order by o.account, o.id
