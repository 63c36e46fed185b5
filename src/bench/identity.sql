-- 1,000,000 accounts with handles of two to four syllables, some with digits; of ten six verified, one not checked. No log that
-- would verify: for lookups alone. The indexes are made afterwards, as for 1,000,000 rows they take minutes otherwise.
drop index plc_account_did, plc_operation_cid, plc_operation_handle, pds_repo_did, handle_name_prefix, handle_name_end;
insert into plc_pds values (1, 'https://pds.test');
insert into plc_key_set values (1, '["did:key:zQ3shBench"]');
insert into pds_hosts (pds, operator, sources) values ('https://pds.test', 'pds.test', '{log}');
insert into pds_endpoint values (1, 1);
insert into plc_account
select i, i, substr(translate(encode(sha256(i::text::bytea), 'base64'), '+/=ABCDEFGHIJKLMNOPQRSTUVWXYZ0189', 'abcabcdefghijklmnopqrstuvwxyzabcd'), 1, 24)
from generate_series(1, 1000000) i;
insert into plc_operation
select i, timestamptz '2024-01-01' + i * interval '1 second', 0, i, 1, 1, 0, 'o', false, false, md5('c' || i), '\x00'::bytea, 'zQ3shBench',
       s[1 + h % cardinality(s)] || s[1 + h / 997 % cardinality(s)] || case when h % 3 > 0 then s[1 + h / 7919 % cardinality(s)] else '' end
       || case when h % 4 = 0 then s[1 + h / 104729 % cardinality(s)] else '' end || case when h % 5 < 2 then (h % 1000)::text else '' end
       || case h % 20 when 0 then '.com' when 1 then '.dev' else '.bsky.social' end
from (select i, hashint4(i) & 2147483647 as h from generate_series(1, 1000000) i) each_one
cross join (
    select array_agg(a || b || c) as s
    from unnest(string_to_array('b c ch d f g h j k l m n p qu r s sh t v w y z br cl st th', ' ')) a
    cross join unnest(string_to_array('a e i o u ai ee ou', ' ')) b
    cross join unnest(array['', 'n', 'r', 'l', 's']) c) syllables;
insert into handle_check (operation, account, parent, result, checked_at, tried_at, due)
select i, i, 0, (case when i % 10 < 6 then 'v' when i % 10 = 6 then '-' else 'n' end)::"char", now(), now(), 'infinity'
from generate_series(1, 1000000) i;
insert into pds_repo (host, did, active) select 1, 'did:plc:' || did, id % 9 > 0 from plc_account;
insert into handle_name
select o.account, handle_rank(v.result), o.handle from plc_operation o join handle_check v on v.account = o.account;
create index plc_account_did on plc_account using hash (('did:plc:' || did));
create index plc_operation_cid on plc_operation using hash (('bafyrei' || cid));
create index plc_operation_handle on plc_operation using hash (nullif(handle, ''));
create index pds_repo_did on pds_repo using hash (did);
create index handle_name_prefix on handle_name (rank, handle);
create index handle_name_end on handle_name (reverse(split_part(handle, '.', 1)) collate "C");
insert into handle_name_followed (seq) values (1000000);
vacuum analyze;
