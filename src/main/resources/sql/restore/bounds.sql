-- Numbers beyond these would leave none for what comes after.
select coalesce(min(first), 1) as first, coalesce(max(last), 0) as last, coalesce(max(operation), 0) as operation,
       coalesce(min(first) filter (where accounts), 1) as first_account,
       coalesce(max(last) filter (where accounts), 0) as last_account
from (select min(id), max(id), null::bigint, true from plc_account
      union all select min(account), max(account), null, true from plc_operation
      union all select min(id), max(id), null, false from plc_key_set
      union all select min(id), max(id), null, false from plc_pds
      union all select min(id), null, max(id), false from plc_operation) as numbers (first, last, operation, accounts)
