-- A pass that is not ours counts as our present one, so that our next list says what is gone.
insert into pds_repo as o (host, did, head, rev, active, status, pass, describe_due, records_due, updated_at)
select h.ours, r.did, r.head, r.rev, r.active, r.status, sign(r.pass) * least(abs(r.pass), greatest(h.pass, 1)), r.describe_due,
       r.records_due, least(r.updated_at, now())
from restored_pds_repo r
join restored_host h on h.theirs = r.host
on conflict (host, did) do update
    set head = excluded.head, rev = excluded.rev, active = excluded.active, status = excluded.status,
        pass = case when o.pass = 0 then excluded.pass else o.pass end, describe_due = excluded.describe_due,
        records_due = excluded.records_due, updated_at = excluded.updated_at
    where excluded.updated_at > o.updated_at
