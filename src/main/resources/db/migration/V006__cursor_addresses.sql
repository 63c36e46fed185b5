-- Cursors were kept under host and port, which several directories may share. What stands here belongs to the address that
-- is configured when this database is next opened, and to no other (sql/sync/take-over-cursor.sql).
alter table sync_cursors
    add by_host     boolean not null default false, -- an earlier version's, not yet taken over
    add next_try_at timestamptz;                    -- of an upstream that failed last; null while it answers

update sync_cursors set by_host = true where stage = 'plc-logs';
