delete from sync_cursors where stage = 'plc-logs' and not host = any(?)
