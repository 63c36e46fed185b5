with
gone as (
    delete from recent_record o using restored_collection c
    where o.account = c.ours and o.collection = c.collection
      and not exists (select from restored_recent_record r
                      where r.account = c.theirs and r.collection = c.collection and r.rkey = o.rkey))
insert into recent_record as o (account, collection, rkey, cid, value, raw, fetched_at)
select c.ours, r.collection, r.rkey, r.cid, r.value, r.raw, least(r.fetched_at, now())
from restored_recent_record r
join restored_collection c on c.theirs = r.account and c.collection = r.collection
on conflict (account, collection, rkey) do update
    set cid = excluded.cid, value = excluded.value, raw = excluded.raw, fetched_at = excluded.fetched_at
