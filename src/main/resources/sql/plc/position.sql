select kind, seq, time from sync_cursors where stage = 'plc-logs' and host = ?
