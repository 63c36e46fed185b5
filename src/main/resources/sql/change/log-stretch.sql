select coalesce(max(id), 0), count(*) from (select id from plc_operation where id > ? order by id limit ?) next
