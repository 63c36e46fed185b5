insert into account_extra as o (account, handle_match, handle_match_last_checked, describe, extra, updated_at, collections)
select h.ours, x.handle_match, x.handle_match_last_checked, x.describe, x.extra, least(x.updated_at, now()), x.collections
from restored_account_extra x
join restored_account h on h.theirs = x.account
on conflict (account) do update
    set handle_match = excluded.handle_match, handle_match_last_checked = excluded.handle_match_last_checked,
        describe = excluded.describe, extra = excluded.extra, updated_at = excluded.updated_at, collections = excluded.collections
    where excluded.updated_at > o.updated_at
