-- A handle has one verified owner at most, whoever stores what checks found; why so: src/RATIONALE.md#handles.

-- The ranks of handle_name follow results, which this does not change.
alter table handle_check disable trigger handle_name_checked;
update handle_check v set owned = o.handle
from plc_operation o
where o.id = v.operation and v.result = 'v' and o.handle <> '';
alter table handle_check enable trigger handle_name_checked;

-- Handles that changed hands kept their older owner. Of several the one stays that declares the handle now, and of those the
-- one that was checked last. What an account does not declare any more is no news.
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
        due = case when r.declared and v.due < 'infinity' then least(v.due, now() + interval '10 minutes') else v.due end,
        fresh = v.fresh or r.declared
    from ranked r
    where v.account = r.account and r.place > 1
    returning v.account, v.operation, v.points_to, v.parent, v.due, r.declared),
parents as (
    update handle_parent p set next_due = d.due
    from (select parent, min(due) as due from disproved where declared group by parent) d
    where p.id = d.parent and p.next_due > d.due)
insert into handle_change (operation, account, was, result, points_to)
select operation, account, 'v', 'e', points_to from disproved where declared order by account;

create unique index handle_check_owned on handle_check (owned) where owned <> '';

-- What proves one account disproves every other that declares the handle, a thousand at most: the rest in their turn. An
-- answer that names a third account disproves only the owner. Handle by handle, so that each is looked up by its index.
-- proven: the account, and those behind it of which the same statement says that they are the owner, too. Returns those that
-- were the owner, who are to be checked again soon.
create function handle_disprove(told_handle text, told_owner text, told_method "char", proven int[])
returns int[] language plpgsql as $$
declare
    others boolean := cardinality(proven) > 0;
    rivals int[] := array(
        select v.account from handle_check v
        where v.owned = told_handle and v.owned <> '' and (others or v.checked_at < now())
        union
        (select a.id from plc_operation o join plc_account a on a.id = o.account and a.head = o.id
         where others and nullif(o.handle, '') = told_handle and a.id <> proven[1]
         limit 1000)
        union
        select unnest(proven[2:]));
    rival record;
    owners int[] := '{}';
begin
    if rivals = '{}' then
        return owners;
    end if;
    for rival in
        select v.account, a.head, v.fresh, coalesce(h.handle = told_handle, false) as declared,
               case when o.handle = told_handle then v.result else '-' end as was
        from handle_check v
        join plc_account a on a.id = v.account and 'did:plc:' || a.did <> told_owner
        left join plc_operation h on h.id = a.head and h.account = a.id
        left join plc_operation o on o.id = v.operation
        where v.account = any (rivals)
          and (o.handle is distinct from told_handle or v.result <> 'e' or v.points_to <> told_owner)
        order by v.account
        for update of v
    loop
        update handle_check v
        set operation = case when rival.declared then rival.head else v.operation end, result = 'e', method = told_method,
            points_to = told_owner, detail = left('names ' || told_owner, 300), owned = '', checked_at = now(), tried_at = now(),
            since = now(), failures = 0
        where v.account = rival.account;
        -- What an account declared earlier, or what nobody has looked at yet, is no news.
        if rival.declared and (rival.was <> '-' or rival.fresh) then
            insert into handle_change (operation, account, was, result, points_to)
            values (rival.head, rival.account, rival.was, 'e', told_owner);
        end if;
        if rival.declared and rival.was = 'v' then
            owners := owners || rival.account;
        end if;
    end loop;
    return owners;
end $$;

-- After each statement that stores answers, whoever stores them. Takes the lock that sql/handle/save.sql holds before it locks
-- any row, so that each sees what the one before has stored.
create function handle_owner_checked() returns trigger language plpgsql as $$
declare
    told record;
    winners int[] := '{}';
    handles text[] := '{}';
    soon int[] := '{}';
    at_once int[] := '{}';
begin
    -- Most statements only move dates. A look-up of its own, as a join of all rows might be planned as a scan of the log.
    if pg_trigger_depth() > 1 or not exists (
        select from checked c
        where c.result in ('e', 'c', 'n') and c.checked_at = now()
           or c.owned <> case c.result
                when 'v' then coalesce((select o.handle from plc_operation o where o.id = c.operation), '') else '' end) then
        return null;
    end if;
    perform pg_advisory_xact_lock(cast(cast('handle_change' as regclass) as bigint));

    update handle_check v set owned = ''
    from checked c
    where v.account = c.account and c.owned <> ''
      and c.owned <> case c.result
            when 'v' then coalesce((select o.handle from plc_operation o where o.id = c.operation), '') else '' end;

    for told in
        select handle, result, method, points_to, account, did, proven
        from (
            select o.handle, c.result, c.method, c.points_to, c.account, 'did:plc:' || a.did as did,
                   row_number() over best as place,
                   array_agg(c.account) filter (where c.result = 'v') over (best rows between unbounded preceding and unbounded following) as proven
            from checked c
            cross join lateral (select p.handle from plc_operation p where p.id = c.operation offset 0) o
            cross join lateral (select b.did from plc_account b where b.id = c.account offset 0) a
            where o.handle <> ''
              and (c.result = 'v' and c.owned <> o.handle or c.result in ('e', 'c', 'n') and c.checked_at = now())
            -- Of several owners the last that declared the handle.
            window best as (partition by o.handle order by c.result = 'v' desc, c.checked_at desc, c.operation desc)) each
        where place = 1
    loop
        if told.result = 'v' then
            soon := soon || handle_disprove(told.handle, told.did, told.method, told.proven);
            winners := winners || told.account;
            handles := handles || told.handle;
        elsif told.points_to <> '' then
            soon := soon || handle_disprove(told.handle, told.points_to, told.method, '{}');
            at_once := at_once || array(
                select v.account
                from plc_account a
                join plc_operation h on h.id = a.head and h.account = a.id and h.handle = told.handle
                join handle_check v on v.account = a.id and v.owned = '' and v.checked_at < now()
                where 'did:plc:' || a.did = told.points_to);
        else -- It names none, or several: not for another to say, yet a reason to look.
            at_once := at_once || array(
                select v.account from handle_check v
                where v.owned = told.handle and v.owned <> '' and v.checked_at < now());
        end if;
    end loop;

    update handle_check v set owned = w.handle
    from unnest(winners, handles) w (account, handle)
    where v.account = w.account;

    -- Handles before parents, and each in order, as the statement that follows the log does.
    if cardinality(soon || at_once) > 0 then
        update handle_check v
        set due = least(v.due, now() + case when v.account = any (at_once) then interval '0' else interval '10 minutes' end), fresh = true
        where v.account = any (soon || at_once) and v.due < 'infinity';
        perform from handle_parent p
        where p.id in (select v.parent from handle_check v where v.account = any (soon || at_once))
        order by p.id for update;
        update handle_parent p set next_due = d.due
        from (select v.parent, min(v.due) as due from handle_check v where v.account = any (soon || at_once) group by v.parent) d
        where p.id = d.parent and p.next_due > d.due;
    end if;
    return null;
end $$;
create trigger handle_owner_checked after update on handle_check
    referencing new table as checked
    for each statement execute function handle_owner_checked();
create trigger handle_owner_added after insert on handle_check
    referencing new table as checked
    for each statement execute function handle_owner_checked();
