insert into pds_stage_failure as o (host, stage, failures, next_try, error, at)
select h.ours, f.stage, f.failures, least(f.next_try, now() + interval '7 days'), f.error, least(f.at, now())
from restored_pds_stage_failure f
join restored_host h on h.theirs = f.host
on conflict (host, stage) do update
    set failures = excluded.failures, next_try = excluded.next_try, error = excluded.error, at = excluded.at
    where excluded.at > o.at
