create temp table restored_host on commit drop as
select max(r.id) as theirs, o.id as ours, o.pass
from restored_pds_hosts r
join pds_hosts o on o.pds = r.pds
group by o.id
