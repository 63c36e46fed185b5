insert into sync_cursors as c (stage, host, kind, seq, time)
values ('plc-logs', ?, ?, ?, cast(? as timestamptz))
on conflict (stage, host) do update set kind = excluded.kind, seq = excluded.seq, time = excluded.time
