-- Many names of one PDS; why so: src/RATIONALE.md#crawling.

alter table pds_hosts
    add leader     int,                                 -- host of which this is another name: only that one is asked
    add list_pages bigint not null default 0;           -- of the present pass
create index pds_hosts_did on pds_hosts ((server ->> 'did'));
create index pds_hosts_leader on pds_hosts (leader) where leader is not null;

-- The host that the endpoint names, where another one is asked in its place (host).
alter table pds_endpoint add own int;
