select n.nspname as schema, c.relname as name, pg_table_size(c.oid) as bytes, greatest(c.reltuples, 0)::bigint as rows
from unnest(?::text[]) as t (name)
join pg_class c on c.oid = to_regclass(t.name)
join pg_namespace n on n.oid = c.relnamespace
