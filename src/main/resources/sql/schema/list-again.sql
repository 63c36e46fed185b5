-- Without the accounts, every list is to be read from its beginning.
update pds_hosts
set pass = 0, list_cursor = null, pass_started = null, pass_finished = null, list_due = '-infinity',
    repos = 0, active_repos = 0, describe_left = 0, records_left = 0, updated_at = now()
