insert into plc_pds (id, endpoint) select * from unnest(?::int[], ?::text[])
