with
gone as (select unnest(?::bigint[]) as id),
notes as (delete from plc_note n using gone where n.id = gone.id),
odd as (delete from plc_odd_operation x using gone where x.id = gone.id)
delete from plc_operation o using gone where o.id = gone.id
