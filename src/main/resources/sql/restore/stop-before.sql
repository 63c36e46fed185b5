-- By time: numbers here may be greater than the upstream's. The time of a damaged row may be damaged, too, so that of the row
-- before it counts as well; late commits appear within two minutes.
update sync_cursors c
set kind = 'time', seq = 0, updated_at = now(),
    time = greatest('epoch', least(c.time, first.time, coalesce(
        (select created_at from plc_operation where id < first.id order by id desc limit 1), 'epoch')) - interval '2 minutes')
from (select cast(? as bigint) as id, cast(? as timestamptz) as time) first
where c.stage = 'plc-logs'
