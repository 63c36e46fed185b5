select exists (select 1 from pds_operator where leased_until > now())
    or exists (select 1 from handle_parent where free_at > now() - interval '1 minute')
