select id, did, head from plc_account where id >= ? and id < ? order by id
