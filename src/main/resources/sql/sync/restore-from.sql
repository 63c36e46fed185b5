insert into sync_cursors (stage, host, kind, seq, time)
select 'restore-from', :#file, 'seq', coalesce(max(id), 0), 'epoch' from plc_operation
on conflict (stage, host) do update set seq = excluded.seq
    -- An earlier restore may have been refused before it stored anything.
    where not exists (select from sync_cursors r where r.stage = 'restore' and r.host = excluded.host)
