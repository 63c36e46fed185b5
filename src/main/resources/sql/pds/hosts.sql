select *, next_try > now() as waits,
       (select l.pds from pds_hosts l where l.id = pds_hosts.leader) as leader_pds
from pds_hosts
where (cast(? as text) is null or state = cast(? as text)) and id > ?
order by id
limit ?
