select e.pds as id, p.endpoint
from pds_endpoint e
join plc_pds p on p.id = e.pds
where e.host is null and e.pds > :#after
order by e.pds
limit 5000
