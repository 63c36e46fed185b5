-- Their numbers would meet those of operations to come.
with
notes as (delete from plc_note n where not exists (select from plc_operation o where o.id = n.id))
delete from plc_odd_operation x where not exists (select from plc_operation o where o.id = x.id and o.odd)
