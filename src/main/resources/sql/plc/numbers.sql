select coalesce((select max(id) from plc_operation), 0), coalesce((select max(id) from plc_account), 0)
