with
page as (
    select distinct on (account, collection, rkey) account, collection, rkey, cid, value, raw
    from unnest(cast(:#accounts as int[]), cast(:#collections as text[]), cast(:#rkeys as text[]), cast(:#cids as text[]),
                cast(:#values as text[]), cast(:#raws as text[])) as p (account, collection, rkey, cid, value, raw)),
-- Of pages that were stored before the last one.
earlier as (
    select account, collection, rkey
    from unnest(cast(:#earlierAccounts as int[]), cast(:#earlierCollections as text[]), cast(:#earlierKeys as text[]))
         as e (account, collection, rkey)),
-- What the newest records do not name any more is not kept as if it were still there.
gone as (
    delete from recent_record r
    using unnest(cast(:#coveredAccounts as int[]), cast(:#coveredCollections as text[])) as c (account, collection)
    where r.account = c.account and r.collection = c.collection
      and not exists (select 1 from page p where p.account = r.account and p.collection = r.collection and p.rkey = r.rkey)
      and not exists (select 1 from earlier p where p.account = r.account and p.collection = r.collection and p.rkey = r.rkey)),
dropped as (
    delete from recent_record r
    using unnest(cast(:#askedAccounts as int[]), cast(:#askedCollections as text[])) as c (account, collections)
    where r.account = c.account and not r.collection = any(string_to_array(c.collections, ' '))),
dated as (
    select did, again, error
    from unnest(cast(:#dids as text[]), cast(:#again as timestamptz[]), cast(:#errors as text[])) as d (did, again, error)),
failed as (
    insert into pds_repo_failure as f (host, did, stage, failures, error)
    select :#host, did, 'recent-records', 1, error from dated where error <> '' order by did
    on conflict (host, did, stage) do update set failures = f.failures + 1, error = excluded.error, at = now()),
recovered as (
    delete from pds_repo_failure f using dated t
    where f.host = :#host and f.did = t.did and f.stage = 'recent-records' and t.error = ''),
asked as (
    update pds_repo r
    set records_due = d.again
    from dated d
    where r.host = :#host and r.did = d.did and r.records_due < 'infinity')
insert into recent_record as r (account, collection, rkey, cid, value, raw)
select account, collection, rkey, cid, cast(value as jsonb), cast(raw as json)
from page
order by account, collection, rkey
on conflict (account, collection, rkey) do update
set cid = excluded.cid, value = excluded.value, raw = excluded.raw, fetched_at = now()
where r.cid <> excluded.cid or r.value <> excluded.value
