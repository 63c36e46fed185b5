-- Which hosts are names of one is found anew, before they are listed. How far our own list of a host is read stays ours; numbers of passes are each mirror's own.
insert into pds_hosts as o (
    pds, operator, sources, state, first_seen, last_success, last_error, last_error_at, failures, next_try, visited_at, server,
    software, server_due, pass, listed, pass_started, pass_finished, list_due, named, repos, active_repos, describe_left,
    records_left, updated_at)
select pds, operator, sources, case when state in ('new', 'live', 'failing', 'dead') then state else 'new' end, first_seen,
       case when leader is null then last_success end, last_error, last_error_at, greatest(failures, 0), least(next_try, now() + interval '7 days'),
       least(visited_at, now()), server, software,
       case when leader is null then least(server_due, now() + interval '7 days') else '-infinity' end, greatest(pass, 0), listed,
       pass_started, pass_finished, case when list_cursor is null then least(list_due, now() + interval '7 days') else '-infinity' end,
       0, repos, active_repos, describe_left, records_left, least(updated_at, now())
from restored_pds_hosts
where pds ~ '^https?://[a-z0-9.-]+(:[0-9]{1,5})?$'
on conflict (pds) do update
    set state = excluded.state, last_success = excluded.last_success, last_error = excluded.last_error,
        last_error_at = excluded.last_error_at, failures = excluded.failures, next_try = excluded.next_try,
        server = excluded.server, software = excluded.software, server_due = excluded.server_due, updated_at = excluded.updated_at,
        pass = case when o.pass = 0 then excluded.pass else o.pass end,
        pass_finished = case when o.pass = 0 then excluded.pass_finished else o.pass_finished end,
        list_due = case when o.pass = 0 then excluded.list_due else o.list_due end
    where excluded.updated_at > o.updated_at
