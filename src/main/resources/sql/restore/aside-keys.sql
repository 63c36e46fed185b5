alter table at_mirror_restore.plc_account add primary key (id);
alter table at_mirror_restore.plc_key_set add primary key (id);
alter table at_mirror_restore.plc_pds add primary key (id);
alter table at_mirror_restore.plc_operation add primary key (id);
alter table at_mirror_restore.plc_odd_operation add primary key (id);
alter table at_mirror_restore.plc_note add primary key (id);
analyze at_mirror_restore.plc_account, at_mirror_restore.plc_key_set, at_mirror_restore.plc_pds,
        at_mirror_restore.plc_operation, at_mirror_restore.plc_odd_operation, at_mirror_restore.plc_note
