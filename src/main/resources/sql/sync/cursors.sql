select stage, host, kind, seq, time, operations, caught_up_at, polled_at, last_error, last_error_at, updated_at
from sync_cursors
where stage = 'plc-logs'
order by updated_at desc
