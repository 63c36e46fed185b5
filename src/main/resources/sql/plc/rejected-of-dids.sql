select did, cid, created_at, seq, operation
from rejected_operations
where md5(did) = any(?) and did = any(?) and reason = any(?)
order by created_at, id
limit ?
