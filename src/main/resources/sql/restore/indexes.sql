-- Keys first: what is there twice shows at once.
select t.relname as "table", i.relname as name,
       case when c.oid is null then format('drop index %s', i.oid::regclass)
            else format('alter table %s drop constraint %I', t.oid::regclass, c.conname) end as remove,
       case when c.oid is null then pg_get_indexdef(i.oid)
            else format('alter table %s add constraint %I %s', t.oid::regclass, c.conname, pg_get_constraintdef(c.oid)) end as build
from unnest(?::text[]) as n (name)
join pg_class t on t.oid = to_regclass(n.name)
join pg_index x on x.indrelid = t.oid
join pg_class i on i.oid = x.indexrelid
left join pg_constraint c on c.conindid = i.oid and c.conrelid = t.oid and c.contype in ('p', 'u')
order by c.oid is null, t.relname, i.relname
