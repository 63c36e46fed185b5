with
new as (select * from unnest(?::bigint[], ?::text[]) as n (id, operation)),
gone as (delete from plc_odd_operation x using new where x.id = new.id and new.operation is null)
insert into plc_odd_operation as x (id, operation)
select id, cast(operation as json) from new where operation is not null
on conflict (id) do update set operation = excluded.operation
