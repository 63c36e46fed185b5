-- Joined, not "= any": a hash index knows hashes only, so PostgreSQL would compare each row found with the whole array.
select o.account, wanted.did, o.id, 'bafyrei' || o.cid as cid, o.created_at, o.kind, coalesce(k.keys, '') as keys, o.signer, o.nullified
from unnest(cast(? as text[])) as wanted (did)
join plc_account a on 'did:plc:' || a.did = wanted.did
join plc_operation o on o.account = a.id
left join plc_key_set k on k.id = o.key_set
order by o.account, o.id
