-- Files say what they like, older ones nothing at all, and the index is still to be built: a handle has one verified owner. Of
-- several the one stays that declares the handle now, and of those the one that was checked last.
with
owners as (
    select v.account, coalesce(o.handle, '') as handle
    from handle_check v
    left join plc_operation o on o.id = v.operation and v.result = 'v')
update handle_check v set owned = w.handle from owners w where v.account = w.account and v.owned <> w.handle;

select setval(pg_get_serial_sequence('handle_change', 'seq'), coalesce((select max(seq) from handle_change), 0) + 1, false);

with
claims as (
    select v.account, v.owned, v.operation, a.did, h.handle is not distinct from v.owned as declared, v.checked_at
    from handle_check v
    join plc_account a on a.id = v.account
    left join plc_operation h on h.id = a.head and h.account = a.id
    where v.owned in (select owned from handle_check where owned <> '' group by owned having count(*) > 1)),
ranked as (
    select *, row_number() over best as place, first_value(did) over best as owner
    from claims
    window best as (partition by owned order by declared desc, checked_at desc, operation desc)),
disproved as (
    update handle_check v
    set owned = '', result = 'e', points_to = 'did:plc:' || r.owner, detail = 'names did:plc:' || r.owner,
        checked_at = now(), tried_at = now(), since = now(), failures = 0,
        due = case when v.due < 'infinity' then now() else v.due end, fresh = v.fresh or r.declared
    from ranked r
    where v.account = r.account and r.place > 1
    returning v.account, v.operation, v.points_to, v.parent, v.due, r.declared),
parents as (
    update handle_parent p set next_due = now()
    from (select parent, min(due) as due from disproved group by parent) d
    where p.id = d.parent and p.next_due > d.due)
insert into handle_change (operation, account, was, result, points_to)
select operation, account, 'v', 'e', points_to from disproved where declared order by account;

alter table handle_check enable trigger handle_owner_added;
alter table handle_check enable trigger handle_owner_checked
