-- Operators first: whoever holds one may ask all its hosts, and nobody else may.
with
due as (
    select h.id, h.operator, h.visited_at
    from pds_hosts h
    where h.next_try <= now()
      and (cast(:#only as text[]) is null or h.pds = any(cast(:#only as text[])))
      and h.pds >= :#start
      and not h.id = any(cast(:#busy as int[]))
      and not exists (
          select 1 from pds_stage_failure f where f.host = h.id and f.stage = :#stage and f.next_try > now())
      and case :#stage
            when 'pds-hosts' then h.failures > 0 or h.server_due <= cast(:#due as timestamptz)
            when 'pds-accounts' then h.state in ('live', 'failing') and h.last_success is not null and h.list_due <= cast(:#due as timestamptz)
            when 'describe-repo' then h.state in ('live', 'failing') and h.last_success is not null and exists (
                select 1 from pds_repo r
                where r.host = h.id and r.describe_due < 'infinity' and r.describe_due <= cast(:#due as timestamptz))
            when 'recent-records' then h.state in ('live', 'failing') and h.last_success is not null and exists (
                select 1 from pds_repo r
                where r.host = h.id and r.records_due < 'infinity' and r.records_due <= cast(:#due as timestamptz))
          end),
free as (
    select o.operator
    from (select operator, min(visited_at) as visited_at from due group by operator) d
    join pds_operator o on o.operator = d.operator
    where o.leased_by = :#owner or o.leased_until < now()
    order by d.visited_at, o.operator
    limit :#free
    for update of o skip locked),
leased as (
    update pds_operator o
    set leased_by = :#owner, leased_until = now() + :#lease * interval '1 second'
    from free
    where o.operator = free.operator
    returning o.operator)
select h.id, h.pds, h.operator, h.failures, coalesce(f.failures, 0) as stage_failures, h.pass, h.list_cursor, h.listed, h.named
from due
join leased on leased.operator = due.operator
join pds_hosts h on h.id = due.id
left join pds_stage_failure f on f.host = h.id and f.stage = :#stage
order by due.visited_at
limit :#free
