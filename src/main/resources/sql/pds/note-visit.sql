update pds_hosts h
set state = case
        when cast(:#error as text) is not null then case when h.failures + 1 >= :#deadAfter then 'dead' else 'failing' end
        when :#answered then 'live'
        else h.state end,
    last_success = case when :#answered then now() else h.last_success end,
    failures = case when cast(:#error as text) is not null then h.failures + 1 when :#answered then 0 else h.failures end,
    last_error = coalesce(:#error, h.last_error),
    last_error_at = case when cast(:#error as text) is not null then now() else h.last_error_at end,
    next_try = cast(:#nextTry as timestamptz),
    visited_at = now(),
    describe_left = (select count(*) from pds_repo r
                     where r.host = h.id and r.describe_due < 'infinity' and r.describe_due <= now()),
    records_left = (select count(*) from pds_repo r
                    where r.host = h.id and r.records_due < 'infinity' and r.records_due <= now()),
    updated_at = now()
where h.id = :#host
