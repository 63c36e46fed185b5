delete from sync_cursors where stage = 'handles'
