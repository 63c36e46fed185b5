select id, cid from plc_operation where id = any(?)
