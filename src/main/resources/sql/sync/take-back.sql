with
told as (
    select cast(? as text) as host, t.*
    from unnest(cast(? as text[]), cast(? as text[]), cast(? as text[]), cast(? as text[])) as t (did, cid, created_at, operation)),
accounts as (
    select a.id, a.did from plc_account a where 'did:plc:' || a.did in (select did from told)),
kept as (
    insert into rejected_operations (did, cid, host, seq, created_at, reason, operation)
    select did, cid, host, 0, cast(created_at as timestamptz), 'TIME_ORDER', cast(operation as json) from told
    on conflict (md5(did), md5(cid), reason) do update set host = excluded.host, last_seen = now()),
operations as (
    delete from plc_operation where account in (select id from accounts) returning id, account, cid),
odd as (
    delete from plc_odd_operation where id in (select id from operations)),
notes as (
    delete from plc_note where id in (select id from operations) returning id, notes, filtered),
-- Numbers of accounts are given anew: nothing may be left that another account would inherit.
extra as (
    delete from account_extra where account in (select id from accounts)),
records as (
    delete from recent_record where account in (select id from accounts)),
checks as (
    delete from handle_check where account in (select id from accounts)),
changes as (
    delete from handle_change where account in (select id from accounts)),
names as (
    delete from handle_name where account in (select id from accounts)),
gone as (
    delete from plc_account where id in (select id from accounts))
select 'did:plc:' || a.did as did, 'bafyrei' || o.cid as cid, coalesce(n.notes, '') as notes, n.filtered
from notes n join operations o on o.id = n.id join accounts a on a.id = o.account
