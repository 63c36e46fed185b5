-- Planned for each key anew: what few operations name goes by the index of key sets, what millions name by the log itself.
select o.id, 'did:plc:' || a.did as did, nullif(o.handle, '') as handle, s.endpoint as pds
from plc_operation o
join plc_account a on a.id = o.account and a.head = o.id
left join plc_pds s on s.id = o.pds
where o.key_set = any(?) and o.id > ?
order by o.id
limit ?
