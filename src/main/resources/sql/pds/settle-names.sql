-- Where a host was found to be another name of one that leads, or no longer to be one: endpoints and the accounts that they
-- name go to the host that is asked for them. What the name itself listed goes, as the leader lists it, too. A leader may
-- itself have been found to be another name meanwhile.
with recursive
above (id, leader) as (
    select id, leader from pds_hosts where leader is not null
    union
    select a.id, h.leader from above a join pds_hosts h on h.id = a.leader where h.leader is not null),
led as (
    select a.id, a.leader from above a join pds_hosts h on h.id = a.leader where h.leader is null),
target as (
    select e.pds, e.host as here, coalesce(e.own, e.host) as own, coalesce(led.leader, e.own, e.host) as host
    from pds_endpoint e
    left join led on led.id = coalesce(e.own, e.host)
    where e.host is not null),
moved as (
    update pds_endpoint e
    set own = t.own, host = t.host
    from target t
    where e.pds = t.pds and t.here <> t.host
    returning e.pds, t.here),
-- Lookups for each row ("offset 0"), or the planner might read all repos and accounts every minute for nothing.
left_there as (
    select distinct n.host, r.did
    from (select here from moved union select id from led) m
    cross join lateral (select r.host, r.did from pds_repo r where r.host = m.here offset 0) r
    cross join lateral (
        select coalesce(led.leader, e.own, e.host) as host
        from plc_account a
        join plc_operation o on o.id = a.head and o.account = a.id
        join pds_endpoint e on e.pds = o.pds
        left join led on led.id = coalesce(e.own, e.host)
        where 'did:plc:' || a.did = r.did and o.kind <> 't'
          and coalesce(led.leader, e.own, e.host) <> r.host
          and (coalesce(e.own, e.host) = r.host or e.host <> coalesce(led.leader, e.own, e.host))
        offset 0) n),
put as (
    insert into pds_repo as r (host, did, records_due)
    select host, did, 'infinity' from left_there order by host, did
    on conflict (host, did) do update set describe_due = '-infinity'
    where r.active is not false or r.pass <= 0),
counted as (
    update pds_hosts h
    set named = h.named + c.accounts
    from (select host, count(*) as accounts from left_there group by host) c
    where h.id = c.host),
emptied as (
    delete from pds_repo
    where ctid = any (array(
        select r.id from led cross join lateral (select x.ctid as id from pds_repo x where x.host = led.id offset 0) r)))
update pds_hosts h
set leader = led.leader, list_cursor = null, repos = 0, active_repos = 0, describe_left = 0, records_left = 0, updated_at = now()
from led
where h.id = led.id
  and (h.leader <> led.leader or h.list_cursor is not null or (h.repos, h.active_repos, h.describe_left, h.records_left) <> (0, 0, 0, 0))
