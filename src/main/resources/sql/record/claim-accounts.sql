-- The claim is the new date: an account whose process dies is due again when the lease ends.
with
due as (
    select did from pds_repo
    where host = :#host and records_due < 'infinity' and records_due <= cast(:#due as timestamptz)
    order by records_due
    limit :#batch
    for update skip locked),
named as (
    select due.did, a.id as account
    from due
    join plc_account a on 'did:plc:' || a.did = due.did
    join plc_operation o on o.id = a.head and o.account = a.id
    join pds_endpoint e on e.pds = o.pds
    where e.host = :#host and o.kind <> 't'),
claimed as (
    update pds_repo r
    set records_due = case when r.did in (select did from named)
                           then greatest(now(), cast(:#due as timestamptz)) + :#lease * interval '1 second' else 'infinity' end
    from due
    where r.host = :#host and r.did = due.did)
select due.did, coalesce(named.account, 0) as account, array_to_string(e.collections, ' ') as collections, coalesce(f.failures, 0) as failures
from due
left join pds_repo_failure f on f.host = :#host and f.did = due.did and f.stage = 'recent-records'
left join named on named.did = due.did
left join account_extra e on e.account = named.account
