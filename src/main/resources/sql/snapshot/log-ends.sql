select f.id as first_seq, f.created_at as first_time, l.id as last_seq, l.created_at as last_time
from (select id, created_at from plc_operation order by id limit 1) f,
     (select id, created_at from plc_operation order by id desc limit 1) l
