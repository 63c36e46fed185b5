with
dids as (
    select distinct r.did
    from rejected_operations r
    join plc_account a on 'did:plc:' || a.did = r.did
    join plc_operation head on head.id = a.head and head.account = a.id
    where r.host = ? and r.reason = any(?) and r.did > ? and r.created_at <= head.created_at
      -- What was there before the file is not the file's to change: anybody may write any time into one.
      and not exists (select from plc_operation o where o.account = a.id
                      and o.id <= (select seq from sync_cursors c where c.stage = 'restore-from' and c.host = r.host))
    order by r.did
    limit ?)
select r.did, r.cid, r.created_at, r.seq, r.operation
from rejected_operations r
join dids on dids.did = r.did
where r.reason not in ('UNPARSABLE', 'MALFORMED', 'SIGNATURE_MISSING', 'CID_MISMATCH')
order by r.id
