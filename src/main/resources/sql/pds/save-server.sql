-- Live and led in one statement: the lists of a server's many names shall not be read before it is known that they are one.
-- Where others have claimed its did meanwhile, it is looked at again at once.
update pds_hosts h
set state = 'live', failures = 0, last_success = now(),
    server_due = case
        when (select count(*) from pds_hosts x
              where x.server ->> 'did' = h.server ->> 'did' and x.id <> h.id and x.state <> 'dead') > :#claiming
            then '-infinity'
        else cast(:#again as timestamptz) end,
    list_due = case when leader is not null and cast(:#leader as int) is null then '-infinity' else list_due end,
    leader = cast(:#leader as int), updated_at = now()
where id = :#host
