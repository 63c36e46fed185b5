with
told as (
    select distinct on (pds, did) pds, operator, did, head, rev, active, status, least(updated_at, now()) as updated_at -- or one from the future would win for ever
    from unnest(cast(:#pdses as text[]), cast(:#operators as text[]), cast(:#dids as text[]), cast(:#heads as text[]),
                cast(:#revs as text[]), cast(:#actives as boolean[]), cast(:#statuses as text[]), cast(:#times as timestamptz[]))
         as t (pds, operator, did, head, rev, active, status, updated_at)
    order by pds, did, t.updated_at desc),
operators as (
    insert into pds_operator (operator)
    select distinct operator from told order by operator
    on conflict do nothing),
hosts as (
    insert into pds_hosts (pds, operator, sources)
    select distinct on (pds) pds, operator, array['file'] from told order by pds
    on conflict (pds) do nothing
    returning id, pds)
insert into pds_repo as r (host, did, head, rev, active, status, describe_due, records_due, updated_at)
select coalesce(h.id, known.id), t.did, t.head, t.rev, t.active, t.status,
       cast(case when t.active then '-infinity' else 'infinity' end as timestamptz), 'infinity', t.updated_at
from told t
left join hosts h on h.pds = t.pds
left join pds_hosts known on known.pds = t.pds
order by 1, 2
on conflict (host, did) do update
    set head = excluded.head, rev = excluded.rev, active = excluded.active, status = excluded.status,
        describe_due = case when excluded.active then r.describe_due else 'infinity' end,
        updated_at = excluded.updated_at
    -- What the host itself said later stays; a row that only waits to be asked says nothing.
    where r.active is null or r.updated_at < excluded.updated_at
