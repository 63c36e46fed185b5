select coalesce((select max(id) from plc_operation), 0) as operations, coalesce((select max(seq) from handle_change), 0) as checks
