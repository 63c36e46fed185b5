-- Hosts that a stage will still ask soon, whoever holds them now: due, and not given up for hours; and names whose endpoints are
-- still to be settled.
select count(*)
from pds_hosts h
where greatest(h.failures, (select f.failures from pds_stage_failure f where f.host = h.id and f.stage = ?)) < ?
  and (cast(? as text[]) is null or h.pds = any(cast(? as text[])))
  and h.pds >= ?
  and (h.leader is null or ? = 'pds-hosts')
  and case ?
        when 'pds-hosts' then h.server_due <= cast(? as timestamptz)
            or h.leader is not null and exists (select 1 from pds_endpoint e where e.host = h.id)
        when 'pds-accounts' then h.state in ('live', 'failing') and h.last_success is not null and h.list_due <= cast(? as timestamptz)
        when 'describe-repo' then h.state in ('live', 'failing') and h.last_success is not null and exists (
            select 1 from pds_repo r where r.host = h.id and r.describe_due < 'infinity' and r.describe_due <= cast(? as timestamptz))
        when 'recent-records' then h.state in ('live', 'failing') and h.last_success is not null and exists (
            select 1 from pds_repo r where r.host = h.id and r.records_due < 'infinity' and r.records_due <= cast(? as timestamptz))
      end
