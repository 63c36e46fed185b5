update rejected_operations set retry_at = now() where id = any(?) and retry_at is not null
