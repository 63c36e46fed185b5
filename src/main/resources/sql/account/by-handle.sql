select did, handle, pds, plc_timestamp, tombstoned from account_infos where handle = ? order by plc_timestamp, did
