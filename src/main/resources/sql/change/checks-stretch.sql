select coalesce(max(seq), 0), count(*) from (select seq from handle_change where seq > ? order by seq limit ?) next
