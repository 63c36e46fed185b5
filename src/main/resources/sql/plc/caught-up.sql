select exists (select 1 from sync_cursors where stage = 'plc-logs' and caught_up_at is not null)
