select count(*) as all, count(*) filter (where not exists (select from restored_account h where h.theirs = r.id)) as unknown,
       not exists (select from plc_account) as empty
from restored_plc_account r
