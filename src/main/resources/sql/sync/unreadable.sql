select id, host, seq, created_at, first_seen, retry_at, times, left(cast(operation as text), 200) as line, count(*) over () as lines
from rejected_operations
where retry_at is not null
order by id
limit ?
