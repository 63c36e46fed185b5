select o.account, 'did:plc:' || a.did as did, o.id, 'bafyrei' || o.cid as cid, o.created_at, o.kind, coalesce(k.keys, '') as keys, o.signer, o.nullified
from plc_account a
join plc_operation o on o.account = a.id
left join plc_key_set k on k.id = o.key_set
where 'did:plc:' || a.did = any(?)
order by o.account, o.id
