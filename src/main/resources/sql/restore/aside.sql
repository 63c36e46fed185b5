drop schema if exists at_mirror_restore cascade;
create schema at_mirror_restore;
create unlogged table at_mirror_restore.plc_account (like plc_account);
create unlogged table at_mirror_restore.plc_key_set (like plc_key_set);
create unlogged table at_mirror_restore.plc_pds (like plc_pds);
create unlogged table at_mirror_restore.plc_operation (like plc_operation);
create unlogged table at_mirror_restore.plc_odd_operation (like plc_odd_operation);
create unlogged table at_mirror_restore.plc_note (like plc_note)
