-- The views, so that their joins are planned by what they bring; why so: src/RATIONALE.md#joins-of-the-views. Their columns
-- are the same as before.

create or replace view plc_log_entries as
select o.id,
       o.id                       as seq,
       'did:plc:' || a.did        as did,
       'bafyrei' || o.cid         as cid,
       o.created_at               as plc_timestamp,
       o.nullified,
       case
         when o.odd then (select plc_jsonb(x.operation) from plc_odd_operation x where x.id = o.id)
         else jsonb_build_object(
                'sig', translate(encode(o.sig, 'base64'), E'+/=\n', '-_'),
                'prev', case when o.prev > 0 then (select 'bafyrei' || p.cid from plc_operation p where p.id = o.prev) end)
           || case o.kind
                when 't' then '{"type": "plc_tombstone"}'::jsonb
                when 'c' then (
                       select jsonb_build_object(
                              'type', 'create', 'handle', o.handle,
                              'service', (select s.endpoint from plc_pds s where s.id = o.pds),
                              'signingKey', k.keys::jsonb -> 1, 'recoveryKey', k.keys::jsonb -> 0)
                       from plc_key_set k where k.id = o.key_set)
                else jsonb_build_object(
                       'type', 'plc_operation',
                       'services', case when o.pds = 0 then '{}'::jsonb else jsonb_build_object('atproto_pds',
                            jsonb_build_object('type', 'AtprotoPersonalDataServer',
                                'endpoint', (select s.endpoint from plc_pds s where s.id = o.pds))) end,
                       'alsoKnownAs', case when o.handle = '' then '[]'::jsonb
                            else jsonb_build_array('at://' || o.handle) end,
                       'rotationKeys', (select k.keys::jsonb from plc_key_set k where k.id = o.key_set),
                       'verificationMethods', case when o.signing_key = '' then '{}'::jsonb
                            else jsonb_build_object('atproto', 'did:key:' || o.signing_key) end)
              end
       end                        as operation,
       n.notes,
       coalesce(n.filtered, 0)    as filtered
from plc_operation o
join plc_account a on a.id = o.account
left join plc_note n on n.id = o.id;

create or replace view account_infos as
select 'did:plc:' || a.did        as did,
       nullif(o.handle, '')       as handle,
       s.endpoint                 as pds,
       o.created_at               as plc_timestamp,
       o.kind = 't'               as tombstoned,
       -- What an imported account_extra says of a match holds until it is checked here. A check counts for the handle that is
       -- declared now, if by an earlier operation.
       coalesce(
           (select case when v.result = 'v' then true when v.result <> 'u' then false end
            from handle_check v
            where v.account = a.id and v.result <> '-' and (v.operation = o.id
                or (select b.handle from plc_operation b where b.id = v.operation) = nullif(o.handle, ''))),
           e.handle_match)        as handle_match,
       coalesce(
           (select nullif(v.checked_at, '-infinity')
            from handle_check v
            where v.account = a.id and v.result <> '-' and (v.operation = o.id
                or (select b.handle from plc_operation b where b.id = v.operation) = nullif(o.handle, ''))),
           e.handle_match_last_checked) as handle_match_last_checked,
       e.describe,
       e.extra,
       greatest(o.created_at, e.updated_at) as updated_at,
       -- As the host says that the document names, whoever else lists the account.
       (select r.active
        from pds_endpoint p join pds_repo r on r.host = p.host and r.did = 'did:plc:' || a.did
        where p.pds = o.pds)      as active,
       (select nullif(r.status, '')
        from pds_endpoint p join pds_repo r on r.host = p.host and r.did = 'did:plc:' || a.did
        where p.pds = o.pds)      as status,
       coalesce(
           (select handle_result(v.result)
            from handle_check v
            where v.account = a.id and v.result <> '-' and (v.operation = o.id
                or (select b.handle from plc_operation b where b.id = v.operation) = nullif(o.handle, ''))),
           'unchecked')           as handle_result
from plc_account a
join plc_operation o on o.account = a.id and case o.id when a.head then true else false end
left join plc_pds s on s.id = o.pds
left join account_extra e on e.account = a.id;

create or replace view handle_checks as
select 'did:plc:' || a.did                                       as did,
       nullif(o.handle, '')                                      as handle,
       handle_result(case when k.known then v.result else '-' end) as result,
       case when k.known then nullif(v.points_to, '') end        as points_to,
       case when k.known then case v.method when 'd' then 'dns' when 'w' then 'well-known' end end as method,
       case when k.known then nullif(v.detail, '') end           as detail,
       case when k.known then nullif(v.checked_at, '-infinity') end as checked_at,
       case when k.known then nullif(v.tried_at, '-infinity') end as tried_at,
       case when k.known then nullif(v.since, '-infinity') end   as since,
       case when k.known then v.failures else 0 end              as failures,
       nullif(v.due, 'infinity')                                 as due
from handle_check v
join plc_account a on a.id = v.account
join plc_operation o on o.account = a.id and case o.id when a.head then true else false end
cross join lateral (
    select v.operation = o.id or coalesce((select p.handle from plc_operation p where p.id = v.operation) = nullif(o.handle, ''), false) as known
    offset 0) k;

create or replace view handle_changes as
select c.seq, c.at, 'did:plc:' || a.did as did, nullif(o.handle, '') as handle,
       handle_result(c.was) as was, handle_result(c.result) as result, nullif(c.points_to, '') as points_to
from handle_change c
join plc_account a on a.id = c.account
join plc_operation o on o.account = c.account and case o.id when c.operation then true else false end;
