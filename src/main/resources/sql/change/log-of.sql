-- As log.sql, of some accounts.
select o.id, o.created_at, o.prev, 'did:plc:' || a.did as did, o.nullified,
       o.kind, o.handle, coalesce(s.endpoint, '') as pds, coalesce(k.keys, '') as keys, o.signing_key,
       b.id as before_id, b.kind as before_kind, b.handle as before_handle, coalesce(bs.endpoint, '') as before_pds,
       coalesce(bk.keys, '') as before_keys, b.signing_key as before_signing_key
from (select cast(? as boolean) as new, cast(? as boolean) as handle, cast(? as boolean) as pds, cast(? as boolean) as key,
             cast(? as boolean) as tombstone, cast(? as boolean) as recovery, cast(? as text[]) as hosts) w
cross join (select cast(? as bigint) as low, cast(? as bigint) as high) stretch
cross join plc_account a
cross join lateral (select * from plc_operation x where x.account = a.id and x.id > low and x.id <= high offset 0) o
left join lateral (
    select * from (select * from plc_operation x where x.account = o.account and x.id < o.id offset 0) earlier
    order by earlier.id desc limit 1) b on true
left join plc_key_set k on k.id = o.key_set
left join plc_key_set bk on bk.id = b.key_set
left join plc_pds s on s.id = o.pds
left join plc_pds bs on bs.id = b.pds
where 'did:plc:' || a.did = any(?)
  and case when b.id is null then w.new
           else w.handle and o.handle <> b.handle
             or w.pds and o.pds <> b.pds
             or w.key and (o.key_set <> b.key_set or o.signing_key <> b.signing_key)
             or w.tombstone and (o.kind = 't') <> (b.kind = 't')
             or w.recovery and o.prev <> b.id end
  and (w.hosts is null or rtrim(lower(s.endpoint), '/') = any(w.hosts) or rtrim(lower(bs.endpoint), '/') = any(w.hosts))
order by o.id
limit ?
