select did, handle, pds, plc_timestamp, tombstoned, active, status from account_infos where handle = ? order by plc_timestamp, did
