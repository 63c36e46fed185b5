-- Endpoints that were skipped by a run under other settings, with the accounts that the log named there up to where it was
-- followed. It reads the whole log, so it is run only where there is such an endpoint.
with
named as (
    select n.endpoint, n.pds, n.operator
    from unnest(cast(:#endpoints as int[]), cast(:#pdses as text[]), cast(:#operators as text[])) as n (endpoint, pds, operator)
    join pds_endpoint e on e.pds = n.endpoint
    where n.pds is not null and e.host is null),
heads as (
    select distinct n.pds, 'did:plc:' || a.did as did
    from named n
    join plc_operation o on o.pds = n.endpoint
    join plc_account a on a.id = o.account and a.head = o.id
    where o.kind <> 't'
      and o.id <= (select coalesce(max(seq), 0) from sync_cursors where stage = 'pds-hosts' and host = 'log')),
operators as (
    insert into pds_operator (operator)
    select distinct operator from named order by operator
    on conflict do nothing),
hosts as (
    insert into pds_hosts as h (pds, operator, sources, named)
    select distinct on (pds) pds, operator, array[cast(:#source as text)], (select count(*) from heads where heads.pds = named.pds)
    from named
    order by pds
    on conflict (pds) do update set named = h.named + excluded.named
    returning id, pds),
adopted as (
    update pds_endpoint e
    set host = hosts.id
    from named n
    join hosts on hosts.pds = n.pds
    where e.pds = n.endpoint)
insert into pds_repo as r (host, did, records_due)
select hosts.id, heads.did, 'infinity' from heads join hosts on hosts.pds = heads.pds order by 1, 2
on conflict (host, did) do update set describe_due = '-infinity'
where r.active is not false or r.pass <= 0
