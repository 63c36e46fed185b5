delete from sync_cursors where stage = 'pds-hosts'
