insert into sync_cursors (stage, host, kind, seq, time, operations)
select 'plc-logs', ?, 'time', 0, max(created_at), 0
-- Late commits stand near the end; reading steps back further than they come late.
from (select created_at from plc_operation order by id desc limit 10000) newest
having count(*) > 0
