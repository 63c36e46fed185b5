-- Live in this statement, or a crash right behind it would keep the host's accounts waiting until the next check.
update pds_hosts
set state = 'live', failures = 0, last_success = now(), server = coalesce(cast(:#server as jsonb), server), software = coalesce(:#software, software),
    server_due = cast(:#again as timestamptz), updated_at = now()
where id = :#host
