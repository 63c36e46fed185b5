-- Hosts that claim the same did may be names of one server: those that would lead, best first. The host that the did names
-- leads, as no other can make it claim that did; then the one that was known first. How many accounts name a host does not
-- count: strangers decide that, and a host could so take the lead from the one whose did it claims. A did that is new is news
-- to the others, who look again.
with
me as (
    select id, leader, cast(:#server as jsonb) ->> 'did' as did, server ->> 'did' as was,
           'did:web:' || replace(split_part(pds, '://', 2), ':', '%3A') as own_did
    from pds_hosts
    where id = :#host),
others as (
    select x.id, x.pds, x.operator, x.leader,
           x.id is not distinct from me.leader as present,
           row (cast(me.did = 'did:web:' || replace(split_part(x.pds, '://', 2), ':', '%3A') as int), -x.id) as rank,
           row (cast(me.did = me.own_did as int), -me.id) as mine
    from me
    join pds_hosts x on x.server ->> 'did' = me.did and x.id <> me.id
    where x.state <> 'dead'),
described as (
    update pds_hosts
    set server = coalesce(cast(:#server as jsonb), server), software = coalesce(:#software, software), updated_at = now()
    where id = :#host),
told as (
    update pds_hosts x
    set server_due = '-infinity'
    from me, others o
    where x.id = o.id and o.leader is null and me.did is distinct from me.was)
select known.claiming, o.id, o.pds, o.operator, o.present
from (select count(*) as claiming from others) known
left join lateral (
    select * from others where leader is null and rank > mine order by present desc, rank desc limit 3) o on true
order by o.present desc, o.rank desc
