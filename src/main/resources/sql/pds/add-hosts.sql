with
named as (
    select endpoint, pds, operator
    from unnest(cast(:#endpoints as int[]), cast(:#pdses as text[]), cast(:#operators as text[])) as n (endpoint, pds, operator)),
operators as (
    insert into pds_operator (operator)
    select distinct operator from named where pds is not null order by operator
    on conflict do nothing),
hosts as (
    insert into pds_hosts as h (pds, operator, sources)
    select distinct on (pds) pds, operator, array[cast(:#source as text)] from named where pds is not null order by pds
    on conflict (pds) do update
        set operator = excluded.operator,
            sources = case when excluded.sources <@ h.sources then h.sources else h.sources || excluded.sources end
        -- A relay names thousands again and again: what is no news is not written.
        where h.operator <> excluded.operator or not excluded.sources <@ h.sources
    returning id, pds)
insert into pds_endpoint (pds, host)
select n.endpoint, coalesce(h.id, known.id)
from named n
left join hosts h on h.pds = n.pds
left join pds_hosts known on known.pds = n.pds
where n.endpoint > 0
on conflict (pds) do nothing
