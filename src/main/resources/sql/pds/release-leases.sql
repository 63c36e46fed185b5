update pds_operator set leased_until = now() where leased_by = ? and leased_until > now()
