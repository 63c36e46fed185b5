-- Accounts by DID and by declared handle, all at once; which: the place in the first array, or in the second and negative.
-- The arrays stand in selects of their own, so that one plan fits all; else it would be made anew for each length, which takes
-- longer than to look up one account.
-- Of many claimants the verified one comes first, then the one to which the handle points by the newest answer, then the oldest
-- claim.
with found as (
    select asked.n as which, a.id, a.did, a.head
    from unnest((select cast(? as text[]))) with ordinality as asked (did, n)
    join plc_account a on 'did:plc:' || a.did = asked.did
    union all
    select -asked.n, a.id, a.did, a.head
    from unnest((select cast(? as text[]))) with ordinality as asked (handle, n)
    join plc_operation o on nullif(o.handle, '') = asked.handle
    join plc_account a on a.id = o.account and a.head = o.id),
claims as (
    select f.which, 'did:plc:' || f.did as did, nullif(o.handle, '') as handle, o.pds, o.created_at, o.kind = 't' as tombstoned,
           v.result, v.method, v.points_to, v.detail, v.checked_at, v.tried_at, v.failures,
           first_value(v.points_to) over (partition by f.which order by coalesce(v.checked_at, '-infinity') desc) as named
    from found f
    join plc_operation o on o.id = f.head and o.account = f.id
    -- Of the handle that is declared now, if by an earlier operation.
    left join handle_check v on v.account = f.id
        and (v.operation = o.id or (select b.handle from plc_operation b where b.id = v.operation) = o.handle)),
shown as (
    select *, row_number() over (
        partition by which
        order by coalesce(result = 'v', false) desc, coalesce(did = named, false) desc, created_at, did) as claim
    from claims)
select f.which, f.did, f.handle, s.endpoint as pds, f.created_at, f.tombstoned, r.active, case when not r.active then nullif(r.status, '') end as status,
       handle_result(coalesce(f.result, '-')) as result,
       case f.method when 'd' then 'dns' when 'w' then 'well-known' end as method,
       nullif(f.points_to, '') as points_to, nullif(f.detail, '') as detail,
       nullif(f.checked_at, '-infinity') as checked_at, nullif(f.tried_at, '-infinity') as tried_at,
       coalesce(f.failures, 0) as failures
from shown f
left join plc_pds s on s.id = f.pds
left join pds_endpoint p on p.pds = f.pds
left join pds_repo r on r.host = p.host and r.did = f.did
where f.claim <= 100
order by f.which, f.claim
