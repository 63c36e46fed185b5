-- All lines of the place that is due the longest. They are due again when the claim ends, ever later, up to a day: whatever
-- becomes of the question needs no note.
with place as (
    select seq, created_at from rejected_operations
    where host = ? and retry_at <= now()
    order by retry_at, id
    limit 1),
-- A line that was given up still stands before the others.
stood as (
    select count(*) as lines from rejected_operations g join place using (seq, created_at)
    where g.host = ? and g.reason = 'UNPARSABLE')
update rejected_operations r
set times = r.times + 1,
    retry_at = now() + least(interval '1 day', cast(? as bigint) * interval '1 second' * power(2, least(r.times, 16)))
from place, stood
where r.host = ? and r.retry_at is not null and r.seq = place.seq and r.created_at = place.created_at
returning r.id, r.seq, r.created_at, stood.lines
