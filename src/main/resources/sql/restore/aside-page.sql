select o.id, coalesce('did:plc:' || a.did, '') as did, 'bafyrei' || o.cid as cid, o.created_at, o.kind,
       coalesce(k.keys, '') as keys, coalesce(s.endpoint, '') as endpoint, o.sig, o.signing_key, o.handle,
       (select 'bafyrei' || p.cid from at_mirror_restore.plc_operation p where p.id = o.prev) as prev,
       case when o.odd then (select cast(x.operation as text) from at_mirror_restore.plc_odd_operation x where x.id = o.id) end as odd,
       n.notes, coalesce(n.filtered, 0) as filtered, n.id is not null as noted
from at_mirror_restore.plc_operation o
left join at_mirror_restore.plc_account a on a.id = o.account
left join at_mirror_restore.plc_key_set k on k.id = o.key_set
left join at_mirror_restore.plc_pds s on s.id = o.pds
left join at_mirror_restore.plc_note n on n.id = o.id
where o.id > ?
order by o.id
limit ?
