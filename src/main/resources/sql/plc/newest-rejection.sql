select coalesce(max(created_at), 'epoch') from rejected_operations
