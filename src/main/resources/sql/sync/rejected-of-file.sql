select r.did, r.cid, r.created_at, r.seq, r.operation
from rejected_operations r
where r.host = ? and r.reason = any(?)
  -- What is older than its DID's head can only be rejected once more.
  and not exists (
    select from plc_account a join plc_operation head on head.id = a.head and head.account = a.id
    where 'did:plc:' || a.did = r.did and head.created_at >= r.created_at)
order by r.created_at, r.id
