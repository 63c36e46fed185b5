-- One host's repos: half a second for half a million.
select case when active then 'active' when status <> '' then status when active is null then 'unknown' else 'inactive' end as status,
       count(*) as repos
from pds_repo
where host = ?
group by 1
order by 2 desc, 1
