select attname, quote_ident(attname) as quoted
from pg_attribute
where attrelid = to_regclass(?) and attnum > 0 and not attisdropped
order by attnum
