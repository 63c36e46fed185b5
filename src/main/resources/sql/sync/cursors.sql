-- By way of JSON, as the column is not there before the database is migrated.
select stage, host, kind, seq, time, operations, caught_up_at, polled_at, last_error, last_error_at, updated_at,
       cast(to_jsonb(c) ->> 'next_try_at' as timestamptz) as next_try_at
from sync_cursors c
where stage = 'plc-logs'
order by updated_at desc
