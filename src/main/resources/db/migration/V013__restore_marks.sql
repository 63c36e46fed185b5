-- A restore goes on behind what it has stored only where the file begins as it did then.
alter table sync_cursors add content text;
comment on column sync_cursors.content is
    'of a file that is being restored: digest of all lines up to this row; null for all else';
