select count(*)
from pds_repo r
join pds_hosts h on h.id = r.host
where r.describe_due < 'infinity' and r.describe_due <= cast(? as timestamptz) and h.state in ('live', 'failing')
  and (cast(? as text[]) is null or h.pds = any(cast(? as text[]))) and h.pds >= ?
