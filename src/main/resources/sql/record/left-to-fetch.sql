select count(*)
from pds_repo r
join pds_hosts h on h.id = r.host
where r.records_due < 'infinity' and r.records_due <= cast(? as timestamptz) and h.state in ('live', 'failing')
  and (cast(? as text[]) is null or h.pds = any(cast(? as text[]))) and h.pds >= ?
