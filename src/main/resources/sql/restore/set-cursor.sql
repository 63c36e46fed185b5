insert into sync_cursors (stage, host, kind, seq, time, operations)
values ('plc-logs', ?, ?, ?, cast(? as timestamptz), ?)
on conflict (stage, host) do nothing
