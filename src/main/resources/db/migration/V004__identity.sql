-- What searches and looks accounts up by other things than their DID; why so: src/RATIONALE.md#looking-up-the-other-way.

create extension if not exists pg_trgm;

-- Best first: 0 for a handle that is verified, 2 for one that is verified not to match, 1 for what is not known.
create function handle_rank(result "char") returns smallint language sql immutable strict parallel safe as $$
    select case result when 'v' then 0 when '-' then 1 when 'u' then 1 else 2 end :: smallint
$$;

-- How far handle_name has followed the log. Not in sync_cursors, which a dump may hold without handle_name.
create table handle_name_followed (
    one boolean not null primary key default true check (one),
    seq bigint  not null
);

-- The handle that each account declares now, to be searched. Follows the log a second or two behind (stage handle-names).
create table handle_name (
    account int      not null primary key,
    rank    smallint not null,
    handle  text     collate "C" not null
);
create index handle_name_prefix on handle_name (rank, handle);
-- The first label alone, as most handles have the rest in common; from its end, where the beginning is mistyped.
create index handle_name_end on handle_name (reverse(split_part(handle, '.', 1)) collate "C");

-- Once for each statement that stores answers, whatever number of them; in order, as others lock the same rows.
create function handle_name_checked() returns trigger language plpgsql as $$
begin
    with found as (
        select n.account, handle_rank(c.result) as rank
        from checked c
        join unchecked u on u.account = c.account and (u.result, u.operation) is distinct from (c.result, c.operation)
        join plc_operation o on o.id = c.operation
        join handle_name n on n.account = c.account and n.handle = o.handle
        where n.rank <> handle_rank(c.result)
        order by n.account
        for update of n)
    update handle_name n set rank = found.rank from found where n.account = found.account;
    return null;
end $$;
create trigger handle_name_checked after update on handle_check
    referencing old table as unchecked new table as checked
    for each statement execute function handle_name_checked();
