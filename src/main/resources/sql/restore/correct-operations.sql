update plc_operation o
set prev = c.prev, key_set = c.key_set, pds = c.pds, signer = c.signer, kind = cast(c.kind as "char"), odd = c.odd,
    nullified = c.nullified, sig = c.sig, signing_key = c.signing_key, handle = c.handle
from unnest(?::bigint[], ?::bigint[], ?::int[], ?::int[], ?::smallint[], ?::text[], ?::boolean[], ?::boolean[], ?::bytea[],
            ?::text[], ?::text[])
     as c (id, prev, key_set, pds, signer, kind, odd, nullified, sig, signing_key, handle)
where o.id = c.id
