select *, next_try > now() as waits from pds_hosts order by repos desc, active_repos desc, pds limit ?
