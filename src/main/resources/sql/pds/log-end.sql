select coalesce((select max(id) from plc_operation), 0) as "end",
       coalesce((select seq from sync_cursors where stage = 'pds-hosts' and host = 'log'), 0) as "from"
