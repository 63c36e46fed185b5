-- The spelling that was named first wins.
select *, next_try > now() as waits
from pds_hosts
where pds = any(?)
order by array_position(?, pds)
limit 1
