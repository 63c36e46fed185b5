-- Every account whose operations are new, with the handle that it declares now. Rows that are there are locked in order first,
-- since checks of handles touch them, too. One process at a time: whoever finds that the cursor has moved does nothing, or it
-- might put an older handle in the place of a newer.
with
part as (
    select id, account from plc_operation
    where id > coalesce((select seq from handle_name_followed), 0)
    order by id limit 20000),
turn as (
    insert into handle_name_followed as f (seq)
    select max(id) from part having count(*) > 0
    on conflict (one) do update set seq = excluded.seq
    where f.seq = coalesce((select seq from handle_name_followed), 0)
    returning seq),
heads as (
    select a.id, o.handle, handle_rank(coalesce(v.result, '-')) as rank
    from plc_account a
    join plc_operation o on o.id = a.head and o.account = a.id
    left join handle_check v on v.account = a.id
        and (v.operation = o.id or (select b.handle from plc_operation b where b.id = v.operation) = o.handle)
    where a.id in (select account from part) and exists (select from turn)),
locked as (
    select count(*) as names from (
        select account from handle_name where account in (select id from heads) order by account for update) n),
unnamed as (
    delete from handle_name n using heads h, locked where n.account = h.id and h.handle = '' and locked.names > 0),
named as (
    insert into handle_name as n (account, rank, handle)
    select id, rank, handle from heads cross join locked where handle <> '' order by id
    on conflict (account) do update set rank = excluded.rank, handle = excluded.handle
    where (n.rank, n.handle) is distinct from (excluded.rank, excluded.handle))
select count(*) as read from part
