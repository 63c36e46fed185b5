insert into sync_cursors (stage, host, kind, seq, time)
select 'restore-from', :#file, 'seq', coalesce(max(id), 0), 'epoch' from plc_operation
on conflict (stage, host) do nothing
