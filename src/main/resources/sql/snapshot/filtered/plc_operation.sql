select t.* from plc_operation t
where not exists (select from plc_note n join plc_operation m on m.id = n.id where n.filtered > 0 and m.account = t.account)
