-- What nobody answered ('u') leaves an earlier answer for the same handle in force; '-' says nothing, but when to ask again.
-- A date that is not the claim's any more was set by whoever saw a newer document, and stays. What proves one account
-- disproves the others (trigger handle_owner_checked).
with
-- One process after the other until each is committed: so what is read of a row below is what the one before has stored, and
-- numbers of changes come to be seen in their order. Before any row is locked, or two would wait for each other.
turn as materialized (
    select pg_advisory_xact_lock(cast(cast('handle_change' as regclass) as bigint))),
found as (
    select t.account, t.operation, cast(t.claim as timestamptz) as claim, cast(t.result as "char") as result,
           cast(t.method as "char") as method, t.points_to, t.detail, cast(t.again as timestamptz) as again, t.fresh, o.handle
    from unnest(cast(:#accounts as int[]), cast(:#operations as bigint[]), cast(:#claims as text[]), cast(:#results as text[]),
                cast(:#methods as text[]), cast(:#pointsTo as text[]), cast(:#details as text[]), cast(:#again as text[]),
                cast(:#fresh as boolean[]))
         as t (account, operation, claim, result, method, points_to, detail, again, fresh)
    left join plc_operation o on o.id = t.operation),
-- Also those that the trigger may disprove or make due: all rows in one order, as others lock them, too. Whether it will is not
-- known before they are locked.
touched as (
    select account from found
    union
    select r.account
    from found f
    cross join lateral (
        select w.account from handle_check w where w.owned = f.handle and w.owned <> ''
        union
        select a.id from plc_account a where f.result = 'e' and 'did:plc:' || a.did = f.points_to
        union
        (select a.id from plc_operation o join plc_account a on a.id = o.account and a.head = o.id
         where f.result = 'v' and nullif(o.handle, '') = f.handle
         limit 1000)) r
    where f.result in ('v', 'e', 'n', 'c')),
ours as materialized (
    select v.account, v.operation, v.result, v.points_to
    from handle_check v
    where v.account = any (array(select account from touched)) and exists (select from turn)
    order by v.account
    for update),
told as (
    select f.*, k.known, f.result not in ('u', '-') as definite, case when k.known then v.result else '-' end as was,
           case when k.known then v.points_to else '' end as pointed_to
    from found f
    join ours v on v.account = f.account
    cross join lateral (
        select v.operation = f.operation
               or coalesce((select b.handle from plc_operation b where b.id = v.operation) = f.handle, false) as known
        offset 0) k
    -- All of them first: a join would read, and so lock, no more rows than it needs.
    where (select count(*) from ours) > 0),
saved as (
    update handle_check v
    set operation  = case when t.result = '-' then v.operation else t.operation end,
        due        = case when v.due = t.claim then t.again else v.due end,
        fresh      = case when v.due = t.claim then t.fresh else v.fresh end,
        tried_at   = case when t.result = '-' then v.tried_at else now() end,
        checked_at = case when t.definite then now() when t.known or t.result = '-' then v.checked_at else '-infinity' end,
        since      = case when t.result = '-' or not t.definite and t.was not in ('-') then v.since
                          when t.was = t.result and t.pointed_to = t.points_to then v.since else now() end,
        failures   = case when t.definite then 0 when t.result = '-' then v.failures
                          when t.known then least(v.failures, 30000) + 1 else 1 end,
        result     = case when t.definite or t.result = 'u' and t.was = '-' then t.result else v.result end,
        method     = case when t.definite then t.method when t.known or t.result = '-' then v.method else '-' end,
        points_to  = case when t.definite then t.points_to when t.known or t.result = '-' then v.points_to else '' end,
        detail     = case when t.result = '-' then v.detail else t.detail end
    from told t
    where v.account = t.account)
insert into handle_change (operation, account, was, result, points_to)
select operation, account, was, result, points_to
from told
where definite and (was, pointed_to) is distinct from (result, points_to) and (was <> '-' or fresh)
order by account
