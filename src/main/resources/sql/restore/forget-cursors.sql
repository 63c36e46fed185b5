-- What names accounts by numbers that are not theirs any more goes, and is made anew by following the log.
with
names as (delete from handle_name),
followed as (delete from handle_name_followed)
delete from sync_cursors where stage in ('plc-logs', 'pds-hosts', 'handles')
