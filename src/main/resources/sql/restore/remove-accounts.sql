delete from plc_account where id = any(?)
