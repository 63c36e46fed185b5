select did, handle, pds, plc_timestamp, tombstoned from account_infos where did = ?
