select did from plc_account group by did having count(*) > 1 limit 1
