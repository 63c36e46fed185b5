-- The row stays, and with it what is noted of the time before the restore.
update sync_cursors set seq = 0, content = null where stage = ? and host = ?
