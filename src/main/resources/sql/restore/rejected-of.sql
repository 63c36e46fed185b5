select count(*) from rejected_operations where host = ?
