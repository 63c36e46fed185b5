-- One look-up after the other, whatever the planner thinks: after each page the tables are larger than their statistics say, and
-- a join as it would plan one reads them from end to end for a page. `= any` of a hash index compares each hit with all asked.
select o.account, 'did:plc:' || a.did as did, o.id, 'bafyrei' || o.cid as cid, o.created_at, o.kind,
       coalesce((select keys from plc_key_set k where k.id = o.key_set), '') as keys, o.signer, o.nullified
from (select distinct did from unnest(cast(? as text[])) as dids (did)) asked
cross join lateral (select id, did from plc_account where 'did:plc:' || did = asked.did offset 0) a
cross join lateral (select * from plc_operation where account = a.id offset 0) o
order by o.account, o.id
