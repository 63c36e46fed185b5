-- What nobody answered ('u') leaves an earlier answer for the same handle in force; '-' says nothing, but when to ask again.
-- A date that is not the claim's any more was set by whoever saw a newer document, and stays.
with
told as (
    select t.account, t.operation, cast(t.claim as timestamptz) as claim, cast(t.result as "char") as result,
           cast(t.method as "char") as method, t.points_to, t.detail, cast(t.again as timestamptz) as again, t.fresh, k.known,
           t.result not in ('u', '-') as definite, case when k.known then v.result else '-' end as was,
           case when k.known then v.points_to else '' end as pointed_to
    from unnest(cast(:#accounts as int[]), cast(:#operations as bigint[]), cast(:#claims as text[]), cast(:#results as text[]),
                cast(:#methods as text[]), cast(:#pointsTo as text[]), cast(:#details as text[]), cast(:#again as text[]),
                cast(:#fresh as boolean[]))
         as t (account, operation, claim, result, method, points_to, detail, again, fresh)
    join handle_check v on v.account = t.account
    cross join lateral (
        select v.operation = t.operation or coalesce((select b.handle from plc_operation b where b.id = v.operation)
                   = (select b.handle from plc_operation b where b.id = t.operation), false) as known
        offset 0) k),
ours as (
    select v.account from handle_check v where v.account in (select account from told) order by v.account for update),
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
    join ours on ours.account = t.account
    where v.account = t.account),
changed as (
    select account, operation, was, result, points_to
    from told
    where definite and (was, pointed_to) is distinct from (result, points_to) and (was <> '-' or fresh))
-- One after the other until each is committed, so that numbers come to be seen in their order.
insert into handle_change (operation, account, was, result, points_to)
select c.operation, c.account, c.was, c.result, c.points_to
from changed c
cross join lateral (select pg_advisory_xact_lock(cast(cast('handle_change' as regclass) as bigint)) from (select c.account) x offset 0) one_by_one
order by c.account
