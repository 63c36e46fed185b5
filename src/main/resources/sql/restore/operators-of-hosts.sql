insert into pds_operator (operator) select distinct operator from pds_hosts on conflict (operator) do nothing
