with
key_sets as (
    insert into plc_key_set (id, keys)
    select * from unnest(cast(:#keySetIds as int[]), cast(:#keySets as text[]))),
pdses as (
    insert into plc_pds (id, endpoint)
    select * from unnest(cast(:#pdsIds as int[]), cast(:#pdsEndpoints as text[]))),
new_accounts as (
    insert into plc_account (id, head, did)
    select * from unnest(cast(:#newAccounts as int[]), cast(:#newAccountHeads as bigint[]), cast(:#newAccountDids as text[]))),
heads as (
    update plc_account a set head = h.head
    from unnest(cast(:#oldAccounts as int[]), cast(:#oldAccountHeads as bigint[])) as h (id, head)
    where a.id = h.id),
undone as (
    update plc_operation set nullified = true
    where id = any(cast(:#nullified as bigint[]))),
odd as (
    insert into plc_odd_operation (id, operation)
    select id, cast(operation as json) from unnest(cast(:#oddIds as bigint[]), cast(:#oddOperations as text[])) as x (id, operation)),
rejected as (
    insert into rejected_operations (did, cid, host, seq, created_at, reason, operation, retry_at)
    select did, cid, cast(:#host as text), seq, created_at, reason, cast(operation as json),
           case when reason = 'UNPARSABLE' and :#askAgainSeconds > 0 then now() + :#askAgainSeconds * interval '1 second' end
    from unnest(cast(:#rejectedDids as text[]), cast(:#rejectedCids as text[]), cast(:#rejectedSeqs as bigint[]),
                cast(:#rejectedTimes as timestamptz[]), cast(:#rejectedReasons as text[]), cast(:#rejectedOperations as text[]))
         as r (did, cid, seq, created_at, reason, operation)
    on conflict (md5(did), md5(cid), reason) do update
        set times = rejected_operations.times + 1, last_seen = now()),
pardoned as (
    delete from rejected_operations r
    using unnest(cast(:#pardonedDids as text[]), cast(:#pardonedCids as text[])) as p (did, cid)
    where md5(r.did) = md5(p.did) and md5(r.cid) = md5(p.cid) and r.did = p.did and r.cid = p.cid
      and r.reason not in ('CID_MISMATCH', 'MALFORMED', 'SIGNATURE_MISSING', 'UNPARSABLE')),
-- Lines that could not be read once, and were read now: what they say is among the operations, or was rejected for a reason.
read_now as (
    delete from rejected_operations where id = any(cast(:#readNow as bigint[]))),
noted as (
    insert into plc_note (id, notes, filtered)
    select id, nullif(notes, ''), filtered
    from unnest(cast(:#noteIds as bigint[]), cast(:#notes as text[]), cast(:#noteMarks as int[])) as n (id, notes, filtered)
    -- What was noted here is younger than what a file brings.
    on conflict (id) do nothing),
cursor_moved as (
    insert into sync_cursors as c (stage, host, kind, seq, time, content, operations, caught_up_at)
    values (:#stage, :#host, :#kind, :#seq, cast(:#time as timestamptz), cast(:#content as text), :#count, case when :#caughtUp then now() end)
    on conflict (stage, host) do update
        set kind = excluded.kind, seq = excluded.seq, time = excluded.time, content = excluded.content,
            operations = c.operations + excluded.operations,
            caught_up_at = coalesce(excluded.caught_up_at, c.caught_up_at), polled_at = now(), updated_at = now())
insert into plc_operation (id, created_at, prev, account, key_set, pds, signer, kind, odd, nullified, cid, sig, signing_key, handle)
select id, timestamptz 'epoch' + created_at * interval '1 microsecond', prev, account, key_set, pds, signer, cast(kind as "char"), odd, nullified, cid, sig, signing_key, handle
from unnest(cast(:#ids as bigint[]), cast(:#times as bigint[]), cast(:#prevs as bigint[]), cast(:#accounts as int[]),
            cast(:#keySetRefs as int[]), cast(:#pdsRefs as int[]), cast(:#signers as smallint[]), cast(:#kinds as text[]),
            cast(:#odds as boolean[]), cast(:#nullifieds as boolean[]), cast(:#cids as text[]), cast(:#sigs as bytea[]),
            cast(:#signingKeys as text[]), cast(:#handles as text[]))
     as o (id, created_at, prev, account, key_set, pds, signer, kind, odd, nullified, cid, sig, signing_key, handle)
