select k.id
from (select cast(? as text) as text) key
cross join plc_key_set k
where plc_key_numbers(k.keys) @> array[hashtext(key.text)] and strpos(k.keys, key.text) > 0
limit ?
