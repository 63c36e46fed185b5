-- What a full list no longer names is gone from the host; why, describeRepo may tell once more. The negative pass says
-- so, lest an account whose host lists only active ones vanishes again after every list.
with
gone as (
    update pds_repo
    set active = false, status = 'vanished', pass = -pass, describe_due = '-infinity', records_due = 'infinity', updated_at = now()
    where :#complete and host = :#host and pass > 0 and pass < :#pass and status not in ('vanished', 'deleted')
    returning active)
update pds_hosts h
set list_cursor = null, pass_finished = now(), list_due = cast(:#again as timestamptz), updated_at = now(),
    repos = (select count(*) from pds_repo r where r.host = h.id and r.pass = :#pass),
    active_repos = (select count(*) from pds_repo r where r.host = h.id and r.pass = :#pass and r.active)
where h.id = :#host
