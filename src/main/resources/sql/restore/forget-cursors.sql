delete from sync_cursors where stage in ('plc-logs', 'pds-hosts')
