-- A list that found something new meanwhile has set the date to now or never, where a claim had been. It knows better: the
-- answer is left unsaid, and the account is asked again if it is to be asked at all.
with
told as (
    select t.did, account, t.active, described, collections, again, error,
           -- A repo that was listed once and is not found any more was deleted; one that never was, never was there.
           case when t.status = 'notfound' and r.pass <> 0 then 'deleted' else t.status end as status
    from unnest(cast(:#dids as text[]), cast(:#accounts as int[]), cast(:#actives as boolean[]), cast(:#statuses as text[]),
                cast(:#described as text[]), cast(:#collections as text[]), cast(:#again as timestamptz[]), cast(:#errors as text[]))
         as t (did, account, active, status, described, collections, again, error)
    join pds_repo r on r.host = :#host and r.did = t.did
    where isfinite(r.describe_due)),
failed as (
    insert into pds_repo_failure as f (host, did, stage, failures, error)
    select :#host, did, 'describe-repo', 1, error from told where error <> '' order by did
    on conflict (host, did, stage) do update set failures = f.failures + 1, error = excluded.error, at = now()),
recovered as (
    delete from pds_repo_failure f using told t
    where f.host = :#host and f.did = t.did and f.stage = 'describe-repo' and t.error = ''),
repos as (
    update pds_repo r
    set active = coalesce(told.active, r.active),
        status = case when told.active is null then r.status else told.status end,
        describe_due = told.again,
        records_due = case
            when not told.active then 'infinity'
            when told.active and r.records_due = 'infinity' then '-infinity'
            else r.records_due end,
        updated_at = case
            when told.active is not null and (told.active is distinct from r.active or told.status <> r.status) then now()
            else r.updated_at end
    from told
    where r.host = :#host and r.did = told.did and isfinite(r.describe_due))
insert into account_extra as e (account, describe, collections, updated_at)
select account, cast(described as jsonb), string_to_array(collections, ' '), now()
from told
where described is not null
order by account
on conflict (account) do update
set describe = excluded.describe, collections = excluded.collections, updated_at = now()
where e.describe is distinct from excluded.describe
