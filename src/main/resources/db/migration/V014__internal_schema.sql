-- What users query stays where it is; the tables and functions behind it go to a schema of their own, which our connections
-- have behind theirs in their search path; why so: src/RATIONALE.md#what-users-see. Views, indexes and triggers know what they
-- use by number, so moving costs nothing, however large the tables are.

do $$
begin
    if to_regnamespace('atmirror_internal') is null then
        create schema atmirror_internal;
    end if;
exception when insufficient_privilege then
    raise exception 'user % may not create the schema atmirror_internal, where the mirror keeps its internal tables; let the owner'
        ' of the database run: create schema atmirror_internal authorization %', quote_ident(current_user), quote_ident(current_user);
end $$;

comment on schema atmirror_internal is 'tables of AT Mirror behind its views; they may change with every version';

-- By name: whoever keeps tables of their own beside ours keeps them where they are.
do $$
declare
    here text := current_schema();
    name text;
    moved regprocedure;
begin
    foreach name in array array[
        'plc_account', 'plc_key_set', 'plc_pds', 'plc_operation', 'plc_odd_operation', 'plc_note', 'account_extra',
        'pds_stage_failure', 'pds_operator', 'pds_endpoint', 'pds_repo', 'pds_repo_failure', 'recent_record',
        'handle_parent', 'handle_check', 'handle_change', 'handle_tally', 'handle_name', 'handle_name_followed']
    loop
        execute format('alter table if exists %I.%I set schema atmirror_internal', here, name);
    end loop;
    for moved in
        select p.oid from pg_proc p
        where p.pronamespace = here::regnamespace and p.proname in (
            'plc_jsonb', 'plc_key_numbers', 'handle_parent_id', 'handle_parent_name', 'handle_result', 'handle_rank',
            'handle_name_checked', 'handle_owner_checked', 'handle_disprove')
    loop
        execute format('alter function %s set schema atmirror_internal', moved);
    end loop;
    -- Triggers find our tables whoever fires them.
    for moved in
        select p.oid from pg_proc p
        where p.pronamespace = 'atmirror_internal'::regnamespace and p.prorettype = 'trigger'::regtype
    loop
        execute format('alter function %s set search_path = %I, atmirror_internal', moved, here);
    end loop;
    execute format('comment on table %I.flyway_schema_history is %L', here, 'versions of these tables, kept by the program; not for queries');
end $$;

comment on view plc_log_entries is
    'operation log of did:plc, one row an operation, nullified ones included. By index: did, cid, seq, plc_timestamp as a stretch with'
    ' both ends. The newest: order by seq desc limit 1 (order by plc_timestamp sorts the whole log). About how many: select'
    ' reltuples::bigint from pg_class where oid = ''atmirror_internal.plc_operation''::regclass (count(*) reads them all)';
comment on column plc_log_entries.id is 'the same number as seq';
comment on column plc_log_entries.seq is
    'number in this mirror''s log, which grows with each stored operation and may have gaps: the upstream''s own where that is greater'
    ' than all before, else the next one. A cursor to read on from';
comment on column plc_log_entries.did is 'account, as did:plc:…';
comment on column plc_log_entries.cid is 'CID of the operation: its hash, as other operations name it in prev';
comment on column plc_log_entries.plc_timestamp is 'when the directory accepted the operation, as the upstream says, to the millisecond';
comment on column plc_log_entries.nullified is 'whether a recovery has undone the operation, as this mirror has verified';
comment on column plc_log_entries.operation is
    'the signed operation as JSON; NUL shows as U+FFFD, which jsonb cannot hold';
comment on column plc_log_entries.notes is 'what is odd about the operation; null without';
comment on column plc_log_entries.filtered is 'above 0 where the operation is marked as spam, 0 otherwise';

comment on view account_infos is
    'present state of each account, one row a DID, by its operation in force. By index: did, handle. Accounts of one host are found by'
    ' index in pds_repos. About how many: select reltuples::bigint from pg_class where oid ='
    ' ''atmirror_internal.plc_account''::regclass';
comment on column account_infos.did is 'account, as did:plc:…';
comment on column account_infos.handle is 'handle that the account declares, without at://; null without. Whether it is the account''s: handle_result';
comment on column account_infos.pds is 'endpoint of its PDS, as written in the operation; null without';
comment on column account_infos.plc_timestamp is 'when the directory accepted the operation in force';
comment on column account_infos.tombstoned is 'whether the operation in force is a tombstone';
comment on column account_infos.handle_match is
    'whether the handle points to the account, by the last check that decided; null where none has. A restored file may say so, too';
comment on column account_infos.handle_match_last_checked is 'when a check last decided that; null where none has';
comment on column account_infos.describe is 'answer of com.atproto.repo.describeRepo by the account''s host; null where it was not asked';
comment on column account_infos.extra is 'what a restored file of the seed project said besides; null without';
comment on column account_infos.updated_at is 'when the operation in force was accepted, or describe or extra was stored, whichever is later';
comment on column account_infos.active is 'whether the account is active, as the host in pds says; null where that is not known';
comment on column account_infos.status is 'why it is not, as the host says: deactivated, suspended, takendown, deleted, …; null without';
comment on column account_infos.handle_result is 'result of the handle''s check, as in handle_checks.result';

comment on table pds_hosts is 'hosts of accounts (PDS), one row a host, found in the log, by a relay or in a file';
comment on column pds_hosts.id is 'number of the host in this database; means nothing elsewhere';
comment on column pds_hosts.pds is 'address, normalised: https://host, with a port where it is not the usual one';
comment on column pds_hosts.operator is 'name under which requests are counted: a suffix that many hosts share, or the host';
comment on column pds_hosts.sources is 'where the host was found: log, relay, file';
comment on column pds_hosts.state is 'new (not asked yet), live, failing, or dead (asked rarely)';
comment on column pds_hosts.first_seen is 'when the host was found';
comment on column pds_hosts.last_success is 'when it last answered as a PDS; null where it never has';
comment on column pds_hosts.last_error is 'why it last failed, in one line; null where it never has';
comment on column pds_hosts.last_error_at is 'when it last failed';
comment on column pds_hosts.failures is 'failures since the last success';
comment on column pds_hosts.next_try is 'not asked before, after a failure; -infinity for at once';
comment on column pds_hosts.visited_at is 'when a stage was last at it; -infinity for never';
comment on column pds_hosts.server is 'its answer to com.atproto.server.describeServer; null without';
comment on column pds_hosts.software is 'software and version, as the host itself says; null where it does not';
comment on column pds_hosts.server_due is 'when to ask for that again';
comment on column pds_hosts.pass is 'readings of its list of repos (com.atproto.sync.listRepos) that were begun';
comment on column pds_hosts.list_cursor is 'the host''s cursor within the present reading; null between readings';
comment on column pds_hosts.listed is 'repos that the present or last reading has brought';
comment on column pds_hosts.pass_started is 'when that reading began';
comment on column pds_hosts.pass_finished is 'when a reading last came to its end';
comment on column pds_hosts.list_due is 'when to read the list again';
comment on column pds_hosts.list_pages is 'pages of the list that the present reading has brought';
comment on column pds_hosts.leader is 'id of the host of which this is another name, so that only that one is asked; null without';
comment on column pds_hosts.named is 'accounts that the log has put down here so far, some more than once';
comment on column pds_hosts.repos is 'repos, as counted at the last visit';
comment on column pds_hosts.active_repos is 'active ones among them, as counted at the last visit';
comment on column pds_hosts.describe_left is 'accounts that describe-repo has still to ask for, as counted at the last visit';
comment on column pds_hosts.records_left is 'accounts that recent-records has still to ask for, as counted at the last visit';
comment on column pds_hosts.updated_at is 'when this row last changed';

comment on view pds_repos is
    'what each host says of each repo, one row for each host and DID; an account that moved is at both. By index: did, pds';
comment on column pds_repos.pds is 'address of the host, as in pds_hosts.pds';
comment on column pds_repos.did is 'account, did:web included';
comment on column pds_repos.head is 'CID of the repo''s commit, as the host''s list says; null where it says none';
comment on column pds_repos.rev is 'revision of that commit (a TID), as the host''s list says; null where it says none';
comment on column pds_repos.active is 'whether the host says that the account is active; null where that is not known';
comment on column pds_repos.status is 'why it is not, as the host says; null without';
comment on column pds_repos.updated_at is 'when what the host says last changed';

comment on view pds_repo_failures is
    'accounts on which their host fails while it answers for others, and why: one row for each account, host and stage; it goes with'
    ' the next success';
comment on column pds_repo_failures.pds is 'address of the host, as in pds_hosts.pds';
comment on column pds_repo_failures.did is 'account, did:web included';
comment on column pds_repo_failures.stage is 'what was asked: describe-repo or recent-records';
comment on column pds_repo_failures.last_error is 'why it last failed, in one line';
comment on column pds_repo_failures.last_error_at is 'when it last failed';
comment on column pds_repo_failures.next_try is 'when to ask again; null for not at all';

comment on view recent_records is
    'newest records of each collection of each account, as recent-records fetched them: one row a record. By index: did';
comment on column recent_records.did is 'account, as did:plc:…';
comment on column recent_records.collection is 'NSID of the collection';
comment on column recent_records.rkey is 'record key';
comment on column recent_records.cid is 'CID of the record, as the host says';
comment on column recent_records.value is 'the record as JSON; what jsonb cannot hold is replaced, and then raw has it';
comment on column recent_records.raw is 'the record exactly as it came, where value differs; else null';
comment on column recent_records.fetched_at is 'when it was fetched';

comment on view handle_checks is
    'whether the handle that an account declares is the account''s, one row an account that declares one. By index: did, handle';
comment on column handle_checks.did is 'account, as did:plc:…';
comment on column handle_checks.handle is 'handle that the account declares now';
comment on column handle_checks.result is
    'valid, no_record, points_elsewhere, conflicting_records, invalid_syntax, reserved, unreachable (nobody has ever answered) or unchecked';
comment on column handle_checks.points_to is 'DID that the handle points to, where that is another; else null';
comment on column handle_checks.method is 'what decided: dns or well-known (the handle''s host); null where neither did';
comment on column handle_checks.detail is 'why, in one line; null without';
comment on column handle_checks.checked_at is 'when an answer last decided; null for never';
comment on column handle_checks.tried_at is 'when it was last tried, with or without an answer; null for never';
comment on column handle_checks.since is 'when the present result was first found; null without';
comment on column handle_checks.failures is 'tries without an answer since checked_at';
comment on column handle_checks.due is 'when to check next; -infinity for as soon as may be, null for never';

comment on view handle_changes is
    'changes of what checks of handles find, one row a change. By index: seq, did, handle';
comment on column handle_changes.seq is 'number of the change, in the order in which they are seen; a cursor to read on from, with gaps';
comment on column handle_changes.at is 'when the change was found';
comment on column handle_changes.did is 'account, as did:plc:…';
comment on column handle_changes.handle is 'handle that was checked';
comment on column handle_changes.was is 'result before, as in handle_checks.result; unchecked for a handle that was not checked before';
comment on column handle_changes.result is 'result since';
comment on column handle_changes.points_to is 'DID that the handle points to since, where that is another; else null';

comment on table rejected_operations is
    'operations that failed verification, and lines that could not be read: whole, one row for each claim and reason';
comment on column rejected_operations.id is 'number in the order in which they were first seen; means nothing elsewhere';
comment on column rejected_operations.did is 'DID that the operation claims to belong to; may be anything';
comment on column rejected_operations.cid is 'CID that the upstream names; may be anything; a digest of the line where that could not be read';
comment on column rejected_operations.host is 'upstream or file that it came from';
comment on column rejected_operations.seq is 'number that the upstream gave it; 0 without';
comment on column rejected_operations.created_at is 'when the directory accepted it, as the upstream says';
comment on column rejected_operations.reason is 'what failed, by name: CID_MISMATCH, MALFORMED, …';
comment on column rejected_operations.operation is 'what came, exactly; a line that is no JSON as a JSON string';
comment on column rejected_operations.first_seen is 'when it first came';
comment on column rejected_operations.last_seen is 'when it last came';
comment on column rejected_operations.times is 'how often it came';

comment on table sync_cursors is
    'how far each stage has read, one row for each stage and what it reads. Stage plc-logs: an upstream, by its address. Stages pds-hosts and'
    ' handles with host log: how far they have followed the stored log. Stage relay: how a relay that is asked for hosts answers. Stages restore and restore-from: a file whose restore is not'
    ' finished. Rows of plc-logs are moved in the statement that stores the page';
comment on column sync_cursors.stage is 'who reads: plc-logs, pds-hosts, relay, handles, restore, restore-from';
comment on column sync_cursors.host is 'what is read: the address of the upstream or relay, log for the stored log, or the name of a file';
comment on column sync_cursors.kind is 'what counts: seq (a number), time (of an upstream without numbers) or unknown (before the first page)';
comment on column sync_cursors.seq is 'the last number that was read; an upstream''s own, which may differ from plc_log_entries.seq';
comment on column sync_cursors.time is 'time of the last operation that was read; 1970 where it is not known';
comment on column sync_cursors.operations is 'operations that this cursor has stored';
comment on column sync_cursors.caught_up_at is 'when nothing was left to read for the last time; null before the first time';
comment on column sync_cursors.polled_at is 'when the upstream last answered; 1970 for never';
comment on column sync_cursors.last_error is 'why the upstream last failed, in one line; null where it never has';
comment on column sync_cursors.last_error_at is 'when it last failed';
comment on column sync_cursors.updated_at is 'when this row last changed';
comment on column sync_cursors.by_host is 'an earlier version''s, kept under host and port, which the configured address takes over';
comment on column sync_cursors.next_try_at is 'when an upstream that failed last is asked again; null while it answers';
