select reason, count(*) as operations, max(last_seen) as last_seen
from rejected_operations
group by reason
order by operations desc, reason
