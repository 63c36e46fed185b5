insert into rejected_operations (did, cid, host, seq, created_at, reason, operation)
select did, cid, ?, seq, timestamptz 'epoch' + created_at * interval '1 microsecond', reason, cast(operation as json)
from unnest(?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[])
     as r (did, cid, seq, created_at, reason, operation)
on conflict (md5(did), md5(cid), reason) do nothing
