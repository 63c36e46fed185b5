select kind, seq, time from sync_cursors where stage = ? and host = ?
