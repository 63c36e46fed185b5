set local lock_timeout = '30s';
set local jit = off;
set local work_mem = '64MB';
-- A killed process must not hold the tables until the statement under way has ended; servers before 14 do not know this.
select set_config(name, '5s', true) from pg_settings where name = 'client_connection_check_interval';
select set_config('maintenance_work_mem',
                  greatest(pg_size_bytes(current_setting('maintenance_work_mem')), 512 << 20) / 1024 || 'kB', true)
