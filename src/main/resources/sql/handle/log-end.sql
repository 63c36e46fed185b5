select coalesce((select max(id) from plc_operation), 0) as "end",
       coalesce((select seq from sync_cursors where stage = 'handles' and host = 'log'), 0) as "from"
