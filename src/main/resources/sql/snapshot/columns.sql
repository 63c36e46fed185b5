select string_agg(quote_ident(attname), ', ' order by attnum)
from pg_attribute
where attrelid = to_regclass(?) and attnum > 0 and not attisdropped
