select count(distinct o.account) as accounts, count(*) as operations
from plc_operation o
where o.account in (select m.account from plc_note n join plc_operation m on m.id = n.id where n.filtered > 0)
