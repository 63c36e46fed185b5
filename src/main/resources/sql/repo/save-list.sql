-- What is new is what no page of this pass named before: a list that only repeats itself does not go on for ever.
with
page as (
    select distinct on (did) did, head, rev, active, status
    from unnest(cast(:#dids as text[]), cast(:#heads as text[]), cast(:#revs as text[]), cast(:#actives as boolean[]),
                cast(:#statuses as text[])) as p (did, head, rev, active, status)
    order by did),
new as (
    select count(*) as fresh from page p left join pds_repo r on r.host = :#host and r.did = p.did
    where r.pass is distinct from :#pass),
named as (
    insert into pds_repo as r (host, did, head, rev, active, status, pass, describe_due, records_due)
    select :#host, did, head, rev, active, status, :#pass,
           cast(case when active then '-infinity' else 'infinity' end as timestamptz), 'infinity'
    from page
    order by did
    on conflict (host, did) do update
    set head = excluded.head, rev = excluded.rev, active = excluded.active, status = excluded.status, pass = excluded.pass,
        describe_due = case
            when not excluded.active then 'infinity'
            when r.active is false then '-infinity'
            else r.describe_due end,
        records_due = case when excluded.active then r.records_due else 'infinity' end,
        updated_at = case
            when (r.head, r.rev, r.active, r.status) is distinct from
                 (excluded.head, excluded.rev, excluded.active, excluded.status) then now()
            else r.updated_at end)
update pds_hosts h
set list_cursor = :#cursor, pass = :#pass,
    list_pages = 1 + case when h.pass = :#pass then h.list_pages else 0 end,
    listed = new.fresh + case when h.pass = :#pass then h.listed else 0 end,
    pass_started = case when h.pass = :#pass then h.pass_started else now() end, updated_at = now()
from new
where h.id = :#host
returning new.fresh, h.listed, h.leader is not null as led
