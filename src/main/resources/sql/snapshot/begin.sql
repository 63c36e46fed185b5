select pg_export_snapshot() as snapshot, split_part(current_setting('server_version'), ' ', 1) as version,
       current_setting('server_version_num')::int / 10000 as major,
       (select h.version from flyway_schema_history h where h.success and h.version is not null
        order by h.installed_rank desc limit 1) as migration
