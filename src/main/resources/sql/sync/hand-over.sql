with
done as (
    delete from sync_cursors where stage in ('restore', 'restore-from') and host = :#file returning operations),
-- What was judged twice is rejected for the later reason only.
former as (
    delete from rejected_operations r using rejected_operations later
    where r.host = :#file and later.host = r.host and later.last_seen > r.last_seen
      and md5(later.did) = md5(r.did) and md5(later.cid) = md5(r.cid) and later.did = r.did and later.cid = r.cid
      and r.reason not in ('CID_MISMATCH', 'MALFORMED', 'SIGNATURE_MISSING', 'UNPARSABLE'))
insert into sync_cursors as c (stage, host, kind, seq, time, operations, polled_at)
select 'plc-logs', :#host, :#kind, :#seq, cast(:#time as timestamptz), coalesce((select sum(operations) from done), 0), 'epoch'
where :#kind <> ''
on conflict (stage, host) do update
    set kind = excluded.kind, seq = excluded.seq, time = excluded.time, operations = c.operations + excluded.operations,
        updated_at = now()
