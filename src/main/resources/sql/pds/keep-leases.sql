update pds_operator
set leased_until = case when operator = any(cast(:#busy as text[])) then now() + :#lease * interval '1 second' else now() end
where leased_by = :#owner and leased_until > now()
