-- The hosts of accounts (PDS), what they list, and what was asked of each account; why so: src/RATIONALE.md#crawling.

create table pds_hosts (
    id            int         generated always as identity primary key,
    pds           text        not null unique,          -- https://host, normalised
    operator      text        not null,                 -- whose request budget: a suffix that many hosts share, or the host
    sources       text[]      not null,                 -- log, relay, file
    state         text        not null default 'new',   -- new, live, failing, dead
    first_seen    timestamptz not null default now(),
    last_success  timestamptz,
    last_error    text,
    last_error_at timestamptz,
    failures      int         not null default 0,       -- since the last success
    next_try      timestamptz not null default '-infinity',
    visited_at    timestamptz not null default '-infinity',
    -- com.atproto.server.describeServer
    server        jsonb,
    software      text,                                 -- as the host itself says
    server_due    timestamptz not null default '-infinity',
    -- com.atproto.sync.listRepos
    pass          int         not null default 0,       -- full lists begun
    list_cursor   text,                                 -- within the present pass; null between passes
    listed        bigint      not null default 0,       -- repos of the present pass
    pass_started  timestamptz,
    pass_finished timestamptz,
    list_due      timestamptz not null default '-infinity',
    named         bigint      not null default 0,       -- accounts that the log put down here, some more than once
    -- counted when the host was last visited
    repos         bigint      not null default 0,
    active_repos  bigint      not null default 0,
    describe_left bigint      not null default 0,
    records_left  bigint      not null default 0,
    updated_at    timestamptz not null default now()
) with (fillfactor = 70);
create index pds_hosts_operator on pds_hosts (operator);

-- A host that is there may still fail one stage: that one lets it alone for a while, the others do not.
create table pds_stage_failure (
    host     int         not null,
    stage    text        not null,
    failures int         not null,                      -- in a row
    next_try timestamptz not null,
    error    text        not null,
    at       timestamptz not null default now(),
    primary key (host, stage)
);

-- One process at a time asks the hosts of one operator, or each would think the budget its own.
create table pds_operator (
    operator     text        not null primary key,
    leased_by    text        not null default '',
    leased_until timestamptz not null default '-infinity'
) with (fillfactor = 70);

-- Which host the endpoints that documents name are: several spellings of one host, and what is no host at all.
create table pds_endpoint (
    pds  int not null primary key,                      -- plc_pds.id
    host int                                            -- null: noted, never fetched
);
create index pds_endpoint_host on pds_endpoint (host);

create table pds_repo (
    host         int         not null,
    did          text        not null,
    head         text        not null default '',
    rev          text        not null default '',
    active       boolean,                               -- null: not known
    status       text        not null default '',       -- '' without; an open set
    pass         int         not null default 0,        -- of the host's list that named it last; 0 never; negative: gone since
    -- When to ask next; a claim sets it to the end of its lease. -infinity never asked, infinity nothing to ask.
    describe_due timestamptz not null default '-infinity',
    records_due  timestamptz not null default '-infinity',
    updated_at   timestamptz not null default now(),
    primary key (host, did)
) with (fillfactor = 80);
create index pds_repo_did on pds_repo using hash (did);
create index pds_repo_describe on pds_repo (host, describe_due) where describe_due < 'infinity';
create index pds_repo_records on pds_repo (host, records_due) where records_due < 'infinity';

-- Text, not numbers: an array of texts keeps statistics of its elements, so that the planner knows rare collections.
alter table account_extra add collections text[] not null default '{}';
create index account_extra_collections on account_extra using gin (collections);

create table recent_record (
    account    int         not null,
    collection text        not null,
    rkey       text        not null,
    cid        text        not null,
    value      jsonb       not null,
    raw        json,                                    -- exact, where jsonb cannot hold it (NUL, lone surrogates, …)
    fetched_at timestamptz not null default now(),
    primary key (account, collection, rkey)
);

create view pds_repos as
select h.pds, r.did, nullif(r.head, '') as head, nullif(r.rev, '') as rev, r.active, nullif(r.status, '') as status, r.updated_at
from pds_repo r
join pds_hosts h on h.id = r.host
where r.pass <> 0 or r.active is not null;              -- the rest waits to be asked for the first time

create view recent_records as
select 'did:plc:' || a.did as did, r.collection, r.rkey, r.cid, r.value, r.raw, r.fetched_at
from recent_record r
join plc_account a on a.id = r.account;

create or replace view account_infos as
select 'did:plc:' || a.did        as did,
       nullif(o.handle, '')       as handle,
       s.endpoint                 as pds,
       o.created_at               as plc_timestamp,
       o.kind = 't'               as tombstoned,
       e.handle_match,
       e.handle_match_last_checked,
       e.describe,
       e.extra,
       greatest(o.created_at, e.updated_at) as updated_at,
       -- As the host says that the document names, whoever else lists the account.
       r.active,
       nullif(r.status, '')       as status
from plc_account a
-- The account, too: that leads from a handle's operations to their accounts.
join plc_operation o on o.id = a.head and o.account = a.id
left join plc_pds s on s.id = o.pds
left join account_extra e on e.account = a.id
left join pds_endpoint p on p.pds = o.pds
left join pds_repo r on r.host = p.host and r.did = 'did:plc:' || a.did;
