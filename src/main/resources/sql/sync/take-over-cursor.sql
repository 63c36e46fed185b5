-- A row that only notes that the upstream was asked (unknown) makes room; a cursor that has moved stays.
with
taken as (
    insert into sync_cursors as c (stage, host, kind, seq, time, operations, caught_up_at, polled_at, last_error, last_error_at)
    select stage, ?, kind, seq, time, operations, caught_up_at, polled_at, last_error, last_error_at
    from sync_cursors
    where stage = 'plc-logs' and by_host and kind <> 'unknown' and lower(host) = any(?)
    order by host = ? desc, updated_at desc
    limit 1
    on conflict (stage, host) do update
        set kind = excluded.kind, seq = excluded.seq, time = excluded.time, operations = excluded.operations,
            caught_up_at = excluded.caught_up_at, polled_at = excluded.polled_at, by_host = false
        where c.by_host or c.kind = 'unknown'
    returning 1)
delete from sync_cursors
where stage = 'plc-logs' and by_host and lower(host) = any(?) and host <> ? and exists (select from taken)
