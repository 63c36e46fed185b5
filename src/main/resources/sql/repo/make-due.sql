-- Never what is claimed at present.
update pds_repo r
set describe_due = now()
from pds_hosts h
where h.id = r.host and r.describe_due < 'infinity' and r.describe_due <= cast(? as timestamptz)
  and (cast(? as text[]) is null or h.pds = any(cast(? as text[]))) and h.pds >= ?
  and r.describe_due > now() + cast(? as bigint) * interval '1 second'
