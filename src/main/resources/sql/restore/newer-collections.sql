-- Of a collection all or nothing: older and newer records together would show what never was.
create temp table restored_collection on commit drop as
select r.theirs, h.ours, r.collection
from (select account as theirs, collection, max(fetched_at) as at from restored_recent_record group by account, collection) r
join restored_account h on h.theirs = r.theirs
where not exists (
    select from recent_record o
    where o.account = h.ours and o.collection = r.collection and o.fetched_at >= r.at)
