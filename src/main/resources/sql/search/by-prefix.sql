-- Ranges of the index, each from its beginning: verified handles first; in each rank the text itself and what has it as its
-- first labels, before what goes on with other letters ('-' < '.' < '/' < a letter < '{'). Who changed the handle a moment ago
-- is in neither.
select 'did:plc:' || a.did as did, c.handle, r.active, handle_result(coalesce(v.result, '-')) as result
from (
    select n.account, n.handle, ranks.rank, min(stretch.place) as place
    from (values (smallint '0'), ('1'), ('2')) ranks (rank)
    cross join (select cast(? as text) as text offset 0) typed
    cross join lateral (values (0, text, text || '!'), (0, text || '.', text || '/'), (1, text, text || '{')) stretch (place, low, high)
    cross join lateral (
        select x.account, x.handle from handle_name x
        where x.rank = ranks.rank and x.handle >= stretch.low and x.handle < stretch.high
        order by x.handle limit (select cast(? as int))) n
    group by n.account, n.handle, ranks.rank
    order by ranks.rank, min(stretch.place), n.handle
    limit (select cast(? as int))) c
join plc_account a on a.id = c.account
join plc_operation o on o.id = a.head and o.account = a.id and o.handle = c.handle
left join handle_check v on v.account = a.id
    and (v.operation = o.id or (select b.handle from plc_operation b where b.id = v.operation) = o.handle)
left join pds_endpoint p on p.pds = o.pds
left join pds_repo r on r.host = p.host and r.did = 'did:plc:' || a.did
order by r.active is false, c.rank, c.place, c.handle
