update pds_hosts
set list_due = now()
where list_due <= cast(? as timestamptz)
  and (cast(? as text[]) is null or pds = any(cast(? as text[]))) and pds >= ?
