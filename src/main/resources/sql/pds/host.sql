-- The spelling that was named first wins.
select *, next_try > now() as waits,
       (select l.pds from pds_hosts l where l.id = pds_hosts.leader) as leader_pds
from pds_hosts
where pds = any(?)
order by array_position(?, pds)
limit 1
