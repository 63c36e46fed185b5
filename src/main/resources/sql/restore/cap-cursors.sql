-- Nobody signs a cursor. None goes beyond what is there: what was stored under an upstream's number has one no less here.
update sync_cursors c
set seq = least(c.seq, l.id),
    time = case when c.stage = 'plc-logs' then least(c.time, l.time) else c.time end,
    caught_up_at = null, polled_at = 'epoch', last_error = null, last_error_at = null, updated_at = now()
from (select coalesce(max(id), 0) as id, coalesce(max(created_at), 'epoch') as time
      from (select id, created_at from plc_operation order by id desc limit 10000) newest) l
