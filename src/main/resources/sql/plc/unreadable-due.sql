select exists (select from rejected_operations where host = ? and retry_at <= now())
