insert into handle_tally (result, accounts, due)
select r.result, coalesce(c.accounts, 0), coalesce(c.due, 0)
from unnest(cast(array['v', 'n', 'e', 'c', 's', 'r', 'u', '-'] as "char"[])) as r (result)
left join (
    select result, count(*) as accounts, count(*) filter (where due <= now()) as due from handle_check group by result) c using (result)
on conflict (result) do update set accounts = excluded.accounts, due = excluded.due, counted_at = now()
