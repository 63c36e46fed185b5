update pds_hosts
set server_due = now(), next_try = least(next_try, now())
where server_due <= cast(? as timestamptz)
  and (cast(? as text[]) is null or pds = any(cast(? as text[]))) and pds >= ?
