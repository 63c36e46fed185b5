update pds_repo set records_due = '-infinity' where records_due < 'infinity'
