update rejected_operations set retry_at = null
where retry_at is not null and (? or id = any(?))
returning id
