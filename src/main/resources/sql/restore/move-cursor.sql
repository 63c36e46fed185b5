-- Only forwards, and only where both count alike.
insert into sync_cursors as c (stage, host, kind, seq, time)
values ('plc-logs', ?, ?, ?, cast(? as timestamptz))
on conflict (stage, host) do update
    set kind = excluded.kind, seq = greatest(c.seq, excluded.seq), time = greatest(c.time, excluded.time), updated_at = now()
    where c.kind = 'unknown'
       or c.kind = excluded.kind and (c.kind = 'seq' and excluded.seq > c.seq or c.kind = 'time' and excluded.time > c.time)
