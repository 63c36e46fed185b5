drop schema if exists at_mirror_restore cascade
