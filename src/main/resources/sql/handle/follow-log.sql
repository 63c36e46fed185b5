-- Every account whose operations are new and that declares another handle than the one that was checked. Accounts before
-- parents, and each in order: claims wait for neither. One process at a time: whoever finds that the cursor has moved does
-- nothing, or it would make due what others have claimed by now.
with
part as (
    select id, account from plc_operation where id > :#from and id <= :#end order by id limit 20000),
turn as (
    insert into sync_cursors as c (stage, host, kind, seq, time)
    select 'handles', 'log', 'seq', coalesce(max(part.id), :#end), now() from part
    on conflict (stage, host) do update set seq = excluded.seq, time = now(), polled_at = now(), updated_at = now()
    where c.seq = :#from
    returning seq),
heads as (
    select a.id as account, o.id as operation, o.handle, o.created_at > cast(:#recent as timestamptz) as fresh,
           -- Without a handle, yet something that was meant to be one.
           o.handle = '' and o.odd and o.kind <> 't' and coalesce((
               select o.kind = 'c' or exists (
                   select 1
                   from jsonb_array_elements_text(
                       case jsonb_typeof(j -> 'alsoKnownAs') when 'array' then j -> 'alsoKnownAs' else '[]' end) e
                   where e like 'at://%')
               from plc_odd_operation x cross join plc_jsonb(x.operation) j
               where x.id = o.id), false) as nonsense
    from plc_account a
    join plc_operation o on o.id = a.head and o.account = a.id
    where a.id in (select account from part) and exists (select from turn)),
changed as (
    select h.account, h.operation, h.fresh, h.nonsense, handle_parent_name(h.handle, cast(:#patterns as text[])) as parent,
           case when h.nonsense then 'infinity' when h.fresh then cast(:#soon as timestamptz) else '-infinity' end as due
    from heads h
    left join handle_check v on v.account = h.account
    left join plc_operation b on b.id = v.operation
    where h.handle <> '' and b.handle is distinct from h.handle or h.nonsense and v.operation is distinct from h.operation),
-- All in order before any is changed. Parts of a statement that change something run in no order but that in which they read
-- each other.
locked as materialized (
    select count(*) as handles
    from (
        select v.account from handle_check v
        where v.account = any (array(
            select account from changed union select account from heads where handle = '' and not nonsense))
        order by v.account
        for update) l),
ended as (
    update handle_check v set due = 'infinity'
    from heads h cross join locked
    where v.account = h.account and h.handle = '' and not h.nonsense and v.due < 'infinity' and locked.handles > 0),
declared as (
    insert into handle_check as v (account, parent, operation, due, fresh, result, detail, checked_at, tried_at, since)
    select account, handle_parent_id(parent), case when nonsense then operation else 0 end, due, fresh,
           case when nonsense then 's' else '-' end,
           case when nonsense then 'no at:// entry of the document is a handle' else '' end, at, at, at
    from changed cross join locked cross join lateral (select case when nonsense then now() else '-infinity' end as at) t
    order by account
    on conflict (account) do update
    set parent = excluded.parent, due = excluded.due, fresh = excluded.fresh, failures = 0,
        operation = case excluded.result when 's' then excluded.operation else v.operation end,
        result = case excluded.result when 's' then excluded.result else v.result end,
        -- Here, as the trigger would take the lock that whoever saves answers takes before any row.
        owned = case excluded.result when 's' then '' else v.owned end,
        detail = case excluded.result when 's' then excluded.detail else v.detail end,
        checked_at = greatest(v.checked_at, excluded.checked_at),
        tried_at = greatest(v.tried_at, excluded.tried_at),
        since = greatest(v.since, excluded.since)
    returning account),
parents as (
    insert into handle_parent as p (id, name, next_due)
    select handle_parent_id(parent), min(parent), min(due) from changed
    where not nonsense and (select count(*) from declared) > 0
    group by 1 order by 1
    on conflict (id) do update set next_due = excluded.next_due where p.next_due > excluded.next_due)
select coalesce((select seq from turn), (select seq from sync_cursors where stage = 'handles' and host = 'log'), :#from) as "from",
       cast(:#end as bigint) as "end"
