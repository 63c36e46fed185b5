-- Each operation with the one that was in force before it: the account's last by number, as every operation comes into force
-- when it is stored. Not prev, since a recovery takes back more than what prev names.
select o.id, o.created_at, 'did:plc:' || a.did as did, o.nullified,
       o.kind, o.handle, coalesce(s.endpoint, '') as pds, coalesce(k.keys, '') as keys, o.signing_key,
       b.id as before_id, b.kind as before_kind, b.handle as before_handle, coalesce(bs.endpoint, '') as before_pds,
       coalesce(bk.keys, '') as before_keys, b.signing_key as before_signing_key
from (select * from plc_operation where id > ? order by id limit ?) o
join plc_account a on a.id = o.account
left join lateral (
    select x.* from plc_operation x where x.account = o.account and x.id < o.id order by x.id desc limit 1) b on true
left join plc_key_set k on k.id = o.key_set
left join plc_key_set bk on bk.id = b.key_set
left join plc_pds s on s.id = o.pds
left join plc_pds bs on bs.id = b.pds
order by o.id
