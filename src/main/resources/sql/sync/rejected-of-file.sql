select did, cid, created_at, seq, operation from rejected_operations
where host = ? and reason = any(?)
order by created_at, id
