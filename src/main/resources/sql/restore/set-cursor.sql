-- Never beyond what is there: an operation that was stored bears a number no less than its upstream's.
insert into sync_cursors (stage, host, kind, seq, time, operations)
select 'plc-logs', ?, k.kind, case when k.kind = 'seq' then least(?, l.id) else 0 end, least(?::timestamptz, l.time), ?
from (select ?::text as kind) k,
     (select coalesce(max(id), 0) as id, coalesce(max(created_at), 'epoch') as time
      from (select id, created_at from plc_operation order by id desc limit 10000) newest) l
on conflict (stage, host) do nothing
