-- Lines of an upstream that could not be read are asked for again (src/RATIONALE.md#lines-that-cannot-be-read). Of lines that
-- were kept before this version nobody knows the place, so they stay as they are.
alter table rejected_operations add retry_at timestamptz;
create index rejected_operations_retry on rejected_operations (host, retry_at) where retry_at is not null;
comment on column rejected_operations.retry_at is
    'when the upstream is asked again for a line that could not be read (UNPARSABLE); null for all else, and once dismissed';
