update pds_hosts
set server = coalesce(cast(:#server as jsonb), server), software = coalesce(:#software, software),
    server_due = cast(:#again as timestamptz), updated_at = now()
where id = :#host
