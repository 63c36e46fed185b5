-- From what was counted when each host was last visited: pds_repo is never read here.
select count(*) filter (where leader is null and state = 'new')     as new,
       count(*) filter (where leader is null and state = 'live')    as live,
       count(*) filter (where leader is null and state = 'failing') as failing,
       count(*) filter (where leader is null and state = 'dead')    as dead,
       count(leader)                             as other_names,
       coalesce(sum(repos), 0)                   as repos,
       coalesce(sum(active_repos), 0)            as active,
       count(*) filter (where asked and list_due <= now())    as lists_left,
       max(pass_finished)                        as last_pass,
       coalesce(sum(describe_left) filter (where asked), 0)   as describe_left,
       coalesce(sum(records_left) filter (where asked), 0)    as records_left,
       (select n_live_tup from pg_stat_user_tables where relid = 'account_extra'::regclass) as described,
       (select n_live_tup from pg_stat_user_tables where relid = 'recent_record'::regclass) as records,
       (select seq from sync_cursors where stage = 'pds-hosts' and host = 'log')  as followed,
       (select time from sync_cursors where stage = 'pds-hosts' and host = 'log') as followed_at
from (select *, leader is null and state in ('live', 'failing') and last_success is not null as asked from pds_hosts) h
