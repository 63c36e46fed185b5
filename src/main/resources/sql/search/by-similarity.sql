-- What was mistyped once has one half as it should be: what begins as the label does, and what ends as it does, is weighed by
-- its trigrams. Looks at so many of each and no more, since of common syllables there are tens of thousands.
select 'did:plc:' || a.did as did, c.handle, r.active, handle_result(coalesce(v.result, '-')) as result
from (
    select x.account, x.rank, x.handle, similarity(split_part(x.handle, '.', 1), label) as likeness
    from (
        select label, left(label, length(label) / 2) as head, reverse(substr(label, length(label) / 2 + 1)) as tail
        from (select cast(? as text) collate "C" as label offset 0) typed
        offset 0) halves
    cross join lateral (
        select n.account, n.rank, n.handle
        from (values (smallint '0'), ('1'), ('2')) ranks (rank)
        cross join lateral (
            select h.account, h.rank, h.handle from handle_name h
            where h.rank = ranks.rank and h.handle >= head and h.handle < head || '{'
            order by h.handle
            limit 300) n
        union
        (select h.account, h.rank, h.handle from handle_name h
         where reverse(split_part(h.handle, '.', 1)) collate "C" >= tail
           and reverse(split_part(h.handle, '.', 1)) collate "C" < tail || '{'
         order by reverse(split_part(h.handle, '.', 1)) collate "C"
         limit 300)) x
    where similarity(split_part(x.handle, '.', 1), label) >= 0.5
    order by likeness desc, x.rank, x.handle
    limit (select cast(? as int))) c
join plc_account a on a.id = c.account
join plc_operation o on o.id = a.head and o.account = a.id and o.handle = c.handle
left join handle_check v on v.account = a.id
    and (v.operation = o.id or (select b.handle from plc_operation b where b.id = v.operation) = o.handle)
left join pds_endpoint p on p.pds = o.pds
left join pds_repo r on r.host = p.host and r.did = 'did:plc:' || a.did
order by r.active is false, c.rank, c.likeness desc, c.handle
