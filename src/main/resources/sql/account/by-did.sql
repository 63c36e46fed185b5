select did, handle, pds, plc_timestamp, tombstoned, active, status from account_infos where did = ?
