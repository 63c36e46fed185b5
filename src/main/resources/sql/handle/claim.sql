-- The claim is the new date: a handle whose process dies is due again when the lease ends. Handles of many parents in turn,
-- of each no more than its pace allows for some seconds, which are given out with the claim: so processes share one pace. Who
-- holds a parent's row waits for no other.
with
ready as (
    select id, name, free_at, case id when 0 then :#batch else :#quota end as quota
    from handle_parent
    where next_due <= cast(:#due as timestamptz) and (id = 0 or free_at <= now() + :#ahead * interval '1 second')
      and not name = any(cast(:#paused as text[]))
    order by next_due
    limit :#parents
    for update skip locked),
waiting as (
    select r.id as parent, r.name, greatest(r.free_at, now()) - now() as starts, w.account, w.place
    from ready r
    cross join lateral (
        select account, row_number() over (order by rank, due) as place
        from (
            (select 0 as rank, due, account from handle_check
             where parent = r.id and fresh and due < 'infinity' and due <= cast(:#due as timestamptz) order by due limit r.quota)
            union all
            (select 1, due, account from handle_check
             where parent = r.id and not fresh and due < 'infinity' and due <= cast(:#due as timestamptz) order by due limit r.quota)) each_kind
        order by place
        limit r.quota) w),
chosen as (
    select * from waiting order by place, parent limit :#batch),
free as (
    select v.account, w.parent, w.name, w.starts, w.place
    from chosen w
    join handle_check v on v.account = w.account
    where v.due <= cast(:#due as timestamptz)
    for update of v skip locked),
claimed as (
    update handle_check v
    set due = greatest(now(), cast(:#due as timestamptz)) + :#lease * interval '1 second'
    from free
    where v.account = free.account
    returning v.account, v.operation, v.due, v.since, v.result, v.failures, v.points_to, free.parent, free.name, free.starts,
        free.place),
given_out as (
    update handle_parent p
    set free_at = case p.id when 0 then now() -- nobody waits for it, but it tells that somebody checks
                  else greatest(p.free_at, now()) + n.taken * :#spacing * interval '1 second' end,
        -- A date that was set meanwhile may be missed, hence the day.
        next_due = case
            when n.waiting >= n.quota or n.taken < n.waiting then p.next_due
            else least(
                greatest(now(), cast(:#due as timestamptz)) + case when n.taken > 0 then :#lease else 86400 end * interval '1 second',
                (select v.due from handle_check v where v.parent = p.id and v.fresh and v.due < 'infinity'
                 and v.due > cast(:#due as timestamptz) order by v.due limit 1),
                (select v.due from handle_check v where v.parent = p.id and not v.fresh and v.due < 'infinity'
                 and v.due > cast(:#due as timestamptz) order by v.due limit 1)) end
    from (
        select r.id, r.quota, count(w.account) as waiting, count(f.account) as taken
        from ready r
        left join waiting w on w.parent = r.id
        left join free f on f.account = w.account
        group by r.id, r.quota) n
    where p.id = n.id)
-- One row at least, for the number of parents that were looked at.
select n.visited, h.*
from (select count(*) as visited from ready) n
left join (
    select c.account, 'did:plc:' || a.did as did, o.id as operation, o.handle, cast(extract(epoch from o.created_at) as bigint) as declared,
           cast(c.due as text) as claim, c.name as parent, cast(extract(epoch from c.starts) as float8) as starts,
           cast(c.result as text) as result, cast(extract(epoch from greatest(c.since, 'epoch')) as bigint) as since, c.failures, c.points_to,
           c.operation = o.id or coalesce((select b.handle from plc_operation b where b.id = c.operation) = o.handle, false) as known,
           c.place
    from claimed c
    join plc_account a on a.id = c.account
    join plc_operation o on o.id = a.head and o.account = a.id) h on true
order by h.place, h.parent
