update plc_account a set head = h.head
from unnest(?::int[], ?::bigint[]) as h (id, head)
where a.id = h.id
