-- One look-up after the other; why so: logs.sql.
select o.id, 'did:plc:' || (select did from plc_account a where a.id = o.account) as did, asked.cid
from (select distinct cid from unnest(cast(? as text[])) as cids (cid)) asked
cross join lateral (select id, account from plc_operation where 'bafyrei' || cid = asked.cid offset 0) o
