select seq, content from sync_cursors where stage = ? and host = ? and content is not null
