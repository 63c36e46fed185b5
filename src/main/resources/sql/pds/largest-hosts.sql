select *, next_try > now() as waits,
       (select l.pds from pds_hosts l where l.id = pds_hosts.leader) as leader_pds
from pds_hosts order by repos desc, active_repos desc, pds limit ?
