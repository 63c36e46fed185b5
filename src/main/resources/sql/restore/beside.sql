select format('create temp table %I (like %s including defaults) on commit drop', 'restored_' || name, to_regclass(name)) as make,
       (select format('alter table %I add %s', 'restored_' || name, pg_get_constraintdef(c.oid))
        from pg_constraint c where c.conrelid = to_regclass(name) and c.contype = 'p') as key
from unnest(?::text[]) as t (name)
