insert into plc_key_set (id, keys) select * from unnest(?::int[], ?::text[])
