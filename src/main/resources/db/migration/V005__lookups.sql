-- Accounts by rotation key; why so: src/RATIONALE.md#looking-up-the-other-way.

-- A number for each rotation key of a key set, with its quotes: strangers choose how long keys are.
create function plc_key_numbers(keys text) returns int[] language sql immutable strict parallel safe as $$
    select coalesce(array_agg(hashtext(key)), '{}') from unnest(string_to_array(btrim(keys, '[]'), ',')) key
$$;
-- No pending list, which would be read from end to end by every look-up.
create index plc_key_set_numbers on plc_key_set using gin (plc_key_numbers(keys)) with (fastupdate = off);
-- Nearly all operations share some thousand key sets, so equal entries take little room. Not (key_set, id), which takes three
-- times that: frequent key sets are found in the order of the log without it.
create index plc_operation_key_set on plc_operation (key_set);
