-- Operators first: whoever holds one may ask all its hosts, and nobody else may. So when one changes hands, what accounts
-- are still claimed was claimed by a process that is gone.
with
due as (
    select h.id, h.operator, h.visited_at
    from pds_hosts h
    join pds_operator o on o.operator = h.operator
    cross join lateral (
        select cast(:#due as timestamptz)
               + case when o.leased_by in ('', :#owner) then 0 else :#claim end * interval '1 second' as due) d
    where h.next_try <= now()
      and (h.leader is null or :#stage = 'pds-hosts') -- another name of a host: that one is asked
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
                where r.host = h.id and r.describe_due < 'infinity' and r.describe_due <= d.due)
            when 'recent-records' then h.state in ('live', 'failing') and h.last_success is not null and exists (
                select 1 from pds_repo r
                where r.host = h.id and r.records_due < 'infinity' and r.records_due <= d.due)
          end),
free as (
    select o.operator, o.leased_by not in ('', :#owner) as taken_over
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
    returning o.operator),
orphaned as (
    update pds_repo r
    set describe_due = case when r.describe_due <= now() + :#claim * interval '1 second'
                            then least(r.describe_due, now()) else r.describe_due end,
        records_due = case when r.records_due <= now() + :#claim * interval '1 second'
                           then least(r.records_due, now()) else r.records_due end
    from free
    join pds_hosts h on h.operator = free.operator
    where free.taken_over and r.host = h.id
      and (r.describe_due < 'infinity' and r.describe_due > now() and r.describe_due <= now() + :#claim * interval '1 second'
        or r.records_due < 'infinity' and r.records_due > now() and r.records_due <= now() + :#claim * interval '1 second'))
select h.id, h.pds, h.operator, h.failures, coalesce(f.failures, 0) as stage_failures, h.pass, h.list_cursor, h.list_pages, h.named
from due
join leased on leased.operator = due.operator
join pds_hosts h on h.id = due.id
left join pds_stage_failure f on f.host = h.id and f.stage = :#stage
order by due.visited_at
limit :#free
