-- Numbers are handed out in the order of commits, by one writer.
select id, endpoint
from plc_pds
where id > (select coalesce(max(pds), 0) from pds_endpoint)
order by id
limit 5000
