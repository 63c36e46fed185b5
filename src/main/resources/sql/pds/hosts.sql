select *, next_try > now() as waits
from pds_hosts
where (cast(? as text) is null or state = cast(? as text)) and id > ?
order by id
limit ?
