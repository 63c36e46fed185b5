select exists (select 1 from pds_operator where leased_until > now())
