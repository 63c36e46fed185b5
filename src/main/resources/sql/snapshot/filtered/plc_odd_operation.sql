select t.* from plc_odd_operation t
join plc_operation o on o.id = t.id
where not exists (select from plc_note n join plc_operation m on m.id = n.id where n.filtered > 0 and m.account = o.account)
