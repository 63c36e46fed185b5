with
done as (
    delete from sync_cursors where stage in ('restore', 'restore-from') and host = :#file returning operations)
insert into sync_cursors as c (stage, host, kind, seq, time, operations, polled_at)
select 'plc-logs', :#host, :#kind, :#seq, cast(:#time as timestamptz), coalesce((select sum(operations) from done), 0), 'epoch'
where :#kind <> ''
on conflict (stage, host) do update
    set kind = excluded.kind, seq = excluded.seq, time = excluded.time, operations = c.operations + excluded.operations,
        updated_at = now()
