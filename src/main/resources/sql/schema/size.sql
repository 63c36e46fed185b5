select coalesce(sum(pg_total_relation_size(to_regclass(name))), 0) from unnest(?::text[]) as t (name)
