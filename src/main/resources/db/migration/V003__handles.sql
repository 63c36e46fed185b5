-- Whether the handles that accounts declare are theirs; why so: src/RATIONALE.md#handles.

-- Whose server or name servers answer for handles: what they have in common behind the first label. One pace for each.
create table handle_parent (
    id       int         not null primary key,            -- handle_parent_id(name); two names in a number share a pace
    name     text        not null,                        -- '' for all handles that are domains of their own
    next_due timestamptz not null default '-infinity',    -- none of its handles is due before
    free_at  timestamptz not null default '-infinity'     -- until then its requests are given out
) with (fillfactor = 70);
create index handle_parent_due on handle_parent (next_due);

-- A number without a look-up, as there are as many handles as accounts.
create function handle_parent_id(name text) returns int language sql immutable strict parallel safe as $$
    select case when name = '' then 0 else hashtext(name) end
$$;

-- Those of an operator's pattern (%.brid.gy) go together; else what stands behind the first label. A domain of its own has
-- none. In plpgsql, as sql would start a query for each handle.
create function handle_parent_name(handle text, patterns text[]) returns text language plpgsql immutable strict parallel safe as $$
declare
    rest text := substr(handle, strpos(handle, '.') + 1);
begin
    if handle like any (patterns) then
        return (select substr(p, 3) from unnest(patterns) p where handle like p order by length(p) limit 1);
    end if;
    return case when strpos(rest, '.') > 0 then rest else '' end;
end $$;

-- One for each account that declares a handle. What the last definite answer was stays when nobody answers any more.
create table handle_check (
    operation  bigint      not null default 0,            -- whose handle was checked; 0: none yet
    -- When to check next; a claim sets it to the end of its lease. -infinity never checked, infinity nothing to check.
    due        timestamptz not null default '-infinity',
    checked_at timestamptz not null default '-infinity',  -- last answer that decides
    tried_at   timestamptz not null default '-infinity',  -- last answer or failure
    since      timestamptz not null default '-infinity',  -- first answer of the present result
    account    int         not null primary key,
    parent     int         not null,
    failures   smallint    not null default 0,            -- in a row since checked_at
    result     "char"      not null default '-',          -- see handle_result
    method     "char"      not null default '-',          -- d DNS, w well-known, - neither
    fresh      boolean     not null default false,        -- changed of late: before all that is only due once more
    points_to  text        not null default '',           -- the DID that the handle points to, if that is another
    detail     text        not null default ''            -- why, in one line
);
create index handle_check_fresh on handle_check (parent, due) where fresh and due < 'infinity';
create index handle_check_due on handle_check (parent, due) where not fresh and due < 'infinity';

-- Numbered in the order of commits, so that who reads on from a number misses none. The first answer for a handle that was
-- declared long ago is no change.
create table handle_change (
    seq       bigint      not null generated always as identity primary key,
    at        timestamptz not null default now(),
    operation bigint      not null,                       -- that declares the handle
    account   int         not null,
    was       "char"      not null,                       -- - for a handle that was not checked before
    result    "char"      not null,
    points_to text        not null default ''
);
create index handle_change_account on handle_change (account);

-- Counted now and then, as reading all rows takes its time.
create table handle_tally (
    result     "char"      not null primary key,
    accounts   bigint      not null,
    due        bigint      not null,                      -- of these, to be checked by then
    counted_at timestamptz not null default now()
);

create function handle_result(code "char") returns text language sql immutable strict parallel safe as $$
    select case code
        when 'v' then 'valid'
        when 'n' then 'no_record'
        when 'e' then 'points_elsewhere'
        when 'c' then 'conflicting_records'
        when 's' then 'invalid_syntax'
        when 'r' then 'reserved'
        when 'u' then 'unreachable'
        else 'unchecked' end
$$;

-- The declared handle of each account as far as it was checked: of a handle that is new, nothing is known. Unreachable
-- is only what never answered; elsewhere failures tell how often nobody answered since.
create view handle_checks as
select 'did:plc:' || a.did                                       as did,
       nullif(o.handle, '')                                      as handle,
       handle_result(case when k.known then v.result else '-' end) as result,
       case when k.known then nullif(v.points_to, '') end        as points_to,
       case when k.known then case v.method when 'd' then 'dns' when 'w' then 'well-known' end end as method,
       case when k.known then nullif(v.detail, '') end           as detail,
       case when k.known then nullif(v.checked_at, '-infinity') end as checked_at,
       case when k.known then nullif(v.tried_at, '-infinity') end as tried_at,
       case when k.known then nullif(v.since, '-infinity') end   as since,
       case when k.known then v.failures else 0 end              as failures,
       nullif(v.due, 'infinity')                                 as due
from handle_check v
join plc_account a on a.id = v.account
join plc_operation o on o.id = a.head and o.account = a.id
cross join lateral (
    select v.operation = o.id or coalesce((select p.handle from plc_operation p where p.id = v.operation) = nullif(o.handle, ''), false) as known
    offset 0) k;

create view handle_changes as
select c.seq, c.at, 'did:plc:' || a.did as did, nullif(o.handle, '') as handle,
       handle_result(c.was) as was, handle_result(c.result) as result, nullif(c.points_to, '') as points_to
from handle_change c
join plc_account a on a.id = c.account
join plc_operation o on o.id = c.operation;

-- What an imported account_extra says of a match holds until it is checked here.
create or replace view account_infos as
select 'did:plc:' || a.did        as did,
       nullif(o.handle, '')       as handle,
       s.endpoint                 as pds,
       o.created_at               as plc_timestamp,
       o.kind = 't'               as tombstoned,
       coalesce(case when v.result = 'v' then true when v.result <> 'u' then false end, e.handle_match) as handle_match,
       coalesce(nullif(v.checked_at, '-infinity'), e.handle_match_last_checked) as handle_match_last_checked,
       e.describe,
       e.extra,
       greatest(o.created_at, e.updated_at) as updated_at,
       -- As the host says that the document names, whoever else lists the account.
       r.active,
       nullif(r.status, '')       as status,
       coalesce(handle_result(v.result), 'unchecked') as handle_result
from plc_account a
-- The account, too: that leads from a handle's operations to their accounts.
join plc_operation o on o.id = a.head and o.account = a.id
left join plc_pds s on s.id = o.pds
left join account_extra e on e.account = a.id
left join pds_endpoint p on p.pds = o.pds
left join pds_repo r on r.host = p.host and r.did = 'did:plc:' || a.did
-- Of the handle that is declared now, if by an earlier operation.
left join handle_check v on v.account = a.id and v.result <> '-'
    and (v.operation = o.id or (select b.handle from plc_operation b where b.id = v.operation) = nullif(o.handle, ''));
