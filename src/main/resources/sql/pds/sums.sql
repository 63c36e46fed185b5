-- From what was counted when each host was last visited: pds_repo is never read here. n_live_tup is forgotten when the server
-- stops hard; reltuples stays.
-- A relay that was not asked for a day is none that is set any more.
with sums as (
    select count(*) filter (where leader is null and state = 'new')     as new,
           count(*) filter (where leader is null and state = 'live')    as live,
           count(*) filter (where leader is null and state = 'failing') as failing,
           count(*) filter (where leader is null and state = 'dead')    as dead,
           count(leader)                             as other_names,
           (select count(*) from pds_endpoint e where e.host is null) as skipped,
           coalesce(sum(repos), 0)                   as repos,
           coalesce(sum(active_repos), 0)            as active,
           count(*) filter (where asked and list_due <= now())    as lists_left,
           max(pass_finished)                        as last_pass,
           coalesce(sum(describe_left) filter (where asked), 0)   as describe_left,
           coalesce(sum(records_left) filter (where asked), 0)    as records_left,
           (select coalesce(nullif(s.n_live_tup, 0), greatest(c.reltuples, 0)::bigint) from pg_class c
               left join pg_stat_user_tables s on s.relid = c.oid where c.oid = 'account_extra'::regclass) as described,
           (select coalesce(nullif(s.n_live_tup, 0), greatest(c.reltuples, 0)::bigint) from pg_class c
               left join pg_stat_user_tables s on s.relid = c.oid where c.oid = 'recent_record'::regclass) as records,
           (select seq from sync_cursors where stage = 'pds-hosts' and host = 'log')  as followed,
           (select time from sync_cursors where stage = 'pds-hosts' and host = 'log') as followed_at
    from (select *, leader is null and state in ('live', 'failing') and last_success is not null as asked from pds_hosts) h),
relay as (
    select c.host, c.polled_at, c.last_error, c.last_error_at, c.next_try_at, greatest(c.polled_at, c.last_error_at) as asked_at
    from sync_cursors c
    where c.stage = 'relay' and greatest(c.polled_at, c.last_error_at) > now() - interval '1 day'
    order by asked_at desc
    limit 1)
select s.*, r.host as relay, r.polled_at as relay_answered, r.last_error as relay_error, r.last_error_at as relay_error_at,
       r.next_try_at as relay_next_try
from sums s
left join relay r on true
