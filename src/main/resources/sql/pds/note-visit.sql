with
stage_failed as (
    insert into pds_stage_failure as f (host, stage, failures, next_try, error)
    select :#host, :#stage, 1, cast(:#nextTry as timestamptz), :#error
    where cast(:#error as text) is not null and not :#wholeHost
    on conflict (host, stage) do update
    set failures = f.failures + 1, next_try = excluded.next_try, error = excluded.error, at = now()),
stage_went_well as (
    delete from pds_stage_failure
    where host = :#host and stage = :#stage and :#answered and cast(:#error as text) is null)
update pds_hosts h
set state = case
        when :#wholeHost then case when h.failures + 1 >= :#deadAfter then 'dead' else 'failing' end
        when :#answered then 'live'
        else h.state end,
    last_success = case when :#answered then now() else h.last_success end,
    failures = case when :#wholeHost then h.failures + 1 when :#answered then 0 else h.failures end,
    last_error = coalesce(:#error, h.last_error),
    last_error_at = case when cast(:#error as text) is not null then now() else h.last_error_at end,
    next_try = case when :#wholeHost or cast(:#error as text) is null then cast(:#nextTry as timestamptz) else h.next_try end,
    visited_at = now(),
    describe_left = (select count(*) from pds_repo r
                     where r.host = h.id and r.describe_due < 'infinity' and r.describe_due <= now()),
    records_left = (select count(*) from pds_repo r
                    where r.host = h.id and r.records_due < 'infinity' and r.records_due <= now()),
    updated_at = now()
where h.id = :#host
