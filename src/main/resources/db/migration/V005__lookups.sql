-- Accounts by rotation key; why so: src/RATIONALE.md#accounts-by-what-they-have.

-- Rotation keys of a key set, each with its quotes. Cut, since strangers choose their length and an index holds no more than
-- some 2,700 bytes; who asks for a longer one is refused.
create function plc_keys(keys text) returns text[] language sql immutable strict parallel safe as $$
    select coalesce(array_agg(left(key, 100)), '{}') from unnest(string_to_array(btrim(keys, '[]'), ',')) key
$$;
create index plc_key_set_key on plc_key_set using gin (plc_keys(keys)) with (fastupdate = off);
-- Nearly all operations share some thousand key sets, so equal entries take little room. Not (key_set, id), which takes four
-- times that: frequent key sets are found in the order of numbers without it.
create index plc_operation_key_set on plc_operation (key_set);
