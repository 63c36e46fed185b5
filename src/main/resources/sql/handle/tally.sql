select handle_result(result) as result, accounts, due, counted_at,
       (select seq from sync_cursors where stage = 'handles' and host = 'log') as followed
from handle_tally
order by accounts desc, result
