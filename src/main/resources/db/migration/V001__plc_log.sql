-- The operation log in lean rows; why so: src/RATIONALE.md#storage. Users query the views at the end.
-- All columns are NOT NULL: one NULL in a row of more than eight columns costs eight bytes in each.

create table plc_account (
    id   int  not null primary key,
    head bigint not null,       -- the operation in force: the last that is not nullified
    did  text not null          -- without 'did:plc:'
) with (fillfactor = 90);       -- room for a new head in the same page: its index stays untouched

create index plc_account_did on plc_account using hash (('did:plc:' || did));

create table plc_key_set (
    id   int  not null primary key,
    keys text not null          -- rotation keys, strongest first, as a JSON array
);
create index plc_key_set_keys on plc_key_set using hash (keys);

create table plc_pds (
    id       int  not null primary key,
    endpoint text not null      -- as written in the operation
);
create index plc_pds_endpoint on plc_pds using hash (endpoint);

create table plc_operation (
    id          bigint      not null primary key, -- the mirror's own seq; the upstream's where that is greater than all before
    created_at  timestamptz not null,
    prev        bigint      not null,  -- id of the operation that prev names; 0 for a genesis
    account     int         not null,
    key_set     int         not null,  -- 0 for a tombstone
    pds         int         not null,  -- 0 without
    signer      smallint    not null,  -- index of the signing key among the allowed rotation keys
    kind        "char"      not null,  -- o operation, c create, t tombstone
    odd         boolean     not null,  -- does not fit these columns: the whole stands in plc_odd_operation
    nullified   boolean     not null,
    cid         text        not null,  -- without 'bafyrei'
    sig         bytea       not null,
    signing_key text        not null,  -- without 'did:key:'; '' without
    handle      text        not null   -- '' without
);
create index plc_operation_account on plc_operation (account);
create index plc_operation_cid on plc_operation using hash (('bafyrei' || cid));
-- The expression, since many operations without a handle would make one endless bucket.
create index plc_operation_handle on plc_operation using hash (nullif(handle, ''));
-- Rows come nearly in the order of time, so ranges of blocks do what a B-tree would for 21 bytes a row.
create index plc_operation_created_at on plc_operation using brin (created_at) with (pages_per_range = 32);

-- json, not jsonb: keeps \u0000, lone surrogates and the order of keys.
create table plc_odd_operation (
    id        bigint not null primary key,
    operation json   not null
);

create table plc_note (
    id       bigint   not null primary key,
    notes    text,
    filtered int      not null default 0
);

create table account_extra (
    account                   int not null primary key,
    handle_match              boolean,
    handle_match_last_checked timestamptz,
    describe                  jsonb,
    extra                     jsonb,
    updated_at                timestamptz not null default now()
);

create table sync_cursors (
    stage      text        not null,
    host       text        not null,     -- cursors differ from host to host
    kind       text        not null,     -- seq or time
    seq        bigint      not null,
    time       timestamptz not null,
    operations bigint      not null default 0,
    caught_up_at timestamptz,            -- last time when nothing was left to read; null before the first time
    polled_at  timestamptz not null default now(), -- last answer of the host, be it that there is nothing new
    last_error text,
    last_error_at timestamptz,
    updated_at timestamptz not null default now(),
    primary key (stage, host)
);

create table rejected_operations (
    id          bigint      generated always as identity primary key,
    did         text        not null,
    cid         text        not null,
    host        text        not null,
    seq         bigint      not null,
    created_at  timestamptz not null,
    reason      text        not null,
    operation   json        not null,
    first_seen  timestamptz not null default now(),
    last_seen   timestamptz not null default now(),
    times       int         not null default 1
);
-- Hashed, since strangers choose the length of what they claim.
create unique index rejected_operations_claim on rejected_operations (md5(did), md5(cid), reason);

-- jsonb refuses NUL, so it shows as U+FFFD here; the whole stays exact in plc_odd_operation. An even number of
-- backslashes before the escape is text, not an escape.
create function plc_jsonb(operation json) returns jsonb language plpgsql immutable as $$
begin
    return operation::jsonb;
exception when others then
    return regexp_replace(operation::text, '(?<!\\)((?:\\\\)*)\\u0000', '\1\\ufffd', 'g')::jsonb;
end $$;

create view plc_log_entries as
select o.id,
       o.id                       as seq,
       'did:plc:' || a.did        as did,
       'bafyrei' || o.cid         as cid,
       o.created_at               as plc_timestamp,
       o.nullified,
       case
         when o.odd then (select plc_jsonb(x.operation) from plc_odd_operation x where x.id = o.id)
         else jsonb_build_object(
                'sig', translate(encode(o.sig, 'base64'), E'+/=\n', '-_'),
                'prev', case when o.prev > 0 then (select 'bafyrei' || p.cid from plc_operation p where p.id = o.prev) end)
           || case o.kind
                when 't' then '{"type": "plc_tombstone"}'::jsonb
                when 'c' then jsonb_build_object(
                       'type', 'create', 'handle', o.handle, 'service', s.endpoint,
                       'signingKey', k.keys::jsonb -> 1, 'recoveryKey', k.keys::jsonb -> 0)
                else jsonb_build_object(
                       'type', 'plc_operation',
                       'services', case when o.pds = 0 then '{}'::jsonb else jsonb_build_object('atproto_pds',
                            jsonb_build_object('type', 'AtprotoPersonalDataServer', 'endpoint', s.endpoint)) end,
                       'alsoKnownAs', case when o.handle = '' then '[]'::jsonb
                            else jsonb_build_array('at://' || o.handle) end,
                       'rotationKeys', k.keys::jsonb,
                       'verificationMethods', case when o.signing_key = '' then '{}'::jsonb
                            else jsonb_build_object('atproto', 'did:key:' || o.signing_key) end)
              end
       end                        as operation,
       n.notes,
       coalesce(n.filtered, 0)    as filtered
from plc_operation o
join plc_account a on a.id = o.account
left join plc_key_set k on k.id = o.key_set
left join plc_pds s on s.id = o.pds
left join plc_note n on n.id = o.id;

create view account_infos as
select 'did:plc:' || a.did        as did,
       nullif(o.handle, '')       as handle,
       s.endpoint                 as pds,
       o.created_at               as plc_timestamp,
       o.kind = 't'               as tombstoned,
       e.handle_match,
       e.handle_match_last_checked,
       e.describe,
       e.extra,
       greatest(o.created_at, e.updated_at) as updated_at
from plc_account a
-- The account, too: that leads from a handle's operations to their accounts.
join plc_operation o on o.id = a.head and o.account = a.id
left join plc_pds s on s.id = o.pds
left join account_extra e on e.account = a.id;
