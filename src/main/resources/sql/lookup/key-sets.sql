select id from plc_key_set where plc_keys(keys) @> array[cast(? as text)] limit ?
