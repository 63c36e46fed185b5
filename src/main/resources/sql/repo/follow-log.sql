-- Every account whose operations are new, at the host that its document names now. One process at a time: whoever finds that
-- the cursor has moved does nothing, or it would make due what others have claimed by now, and count it twice.
with
part as (
    select id, account from plc_operation where id > :#from and id <= :#end order by id limit 20000),
turn as (
    insert into sync_cursors as c (stage, host, kind, seq, time)
    select 'pds-hosts', 'log', 'seq', coalesce(max(part.id), :#end), now() from part
    on conflict (stage, host) do update set seq = excluded.seq, time = now(), polled_at = now(), updated_at = now()
    where c.seq = :#from
    returning seq),
heads as (
    select distinct e.host, 'did:plc:' || a.did as did
    from part
    join plc_account a on a.id = part.account
    join plc_operation o on o.id = a.head and o.account = a.id
    join pds_endpoint e on e.pds = o.pds
    where o.kind <> 't' and e.host is not null and exists (select from turn)),
named as (
    insert into pds_repo as r (host, did, records_due)
    select host, did, 'infinity' from heads order by host, did
    on conflict (host, did) do update set describe_due = '-infinity'
    where r.active is not false or r.pass <= 0),
counted as (
    update pds_hosts h set named = h.named + c.accounts
    from (select host, count(*) as accounts from heads group by host order by host) c
    where h.id = c.host)
select coalesce((select seq from turn), (select seq from sync_cursors where stage = 'pds-hosts' and host = 'log'), :#from) as "from",
       cast(:#end as bigint) as "end"
