-- Accounts on which their host fails while it answers for others: few, so they stand beside pds_repo, whose rows stay small.
create table pds_repo_failure (
    host     int         not null,
    did      text        not null,
    stage    text        not null,                      -- describe-repo, recent-records
    failures int         not null,                      -- in a row; the pause before the next request grows with them
    error    text        not null,                      -- of the last one
    at       timestamptz not null default now(),        -- of the last one
    primary key (host, did, stage)
);

create view pds_repo_failures as
select h.pds, f.did, f.stage, f.failures, f.error as last_error, f.at as last_error_at,
       nullif(case f.stage when 'describe-repo' then r.describe_due else r.records_due end, 'infinity') as next_try
from pds_repo_failure f
join pds_hosts h on h.id = f.host
left join pds_repo r on r.host = f.host and r.did = f.did;

comment on view pds_repo_failures is 'Accounts on which their host fails while it answers for others, and why; a row goes with the next success.';
comment on column pds_repo_failures.failures is 'in a row; the pauses behind them are 6 hours, 1, 3, 7, 14 and 30 days';
