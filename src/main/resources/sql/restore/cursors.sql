select host, kind, seq, time from sync_cursors where stage = 'plc-logs' order by host
