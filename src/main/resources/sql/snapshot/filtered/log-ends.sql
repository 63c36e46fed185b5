with kept as not materialized (
    select id, created_at from plc_operation t
    where not exists (select from plc_note n join plc_operation m on m.id = n.id where n.filtered > 0 and m.account = t.account)
)
select f.id as first_seq, f.created_at as first_time, l.id as last_seq, l.created_at as last_time
from (select id, created_at from kept order by id limit 1) f,
     (select id, created_at from kept order by id desc limit 1) l
