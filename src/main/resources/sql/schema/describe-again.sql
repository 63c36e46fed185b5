update pds_repo set describe_due = '-infinity', records_due = 'infinity' where describe_due < 'infinity'
