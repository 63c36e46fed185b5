select setval(pg_get_serial_sequence('pds_hosts', 'id'), coalesce((select max(id) from pds_hosts), 0) + 1, false),
       setval(pg_get_serial_sequence('rejected_operations', 'id'), coalesce((select max(id) from rejected_operations), 0) + 1, false),
       setval(pg_get_serial_sequence('handle_change', 'seq'), coalesce((select max(seq) from handle_change), 0) + 1, false)
