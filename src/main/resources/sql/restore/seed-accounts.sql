with
told as (
    select distinct on (did) did, cast(described as jsonb) as described, cast(extra as jsonb) as extra, least(updated_at, now()) as updated_at -- or one from the future would win for ever
    from unnest(cast(:#dids as text[]), cast(:#described as text[]), cast(:#extras as text[]), cast(:#times as timestamptz[]))
         as t (did, described, extra, updated_at)
    order by did, t.updated_at desc),
known as (
    select a.id as account, t.* from told t join plc_account a on 'did:plc:' || a.did = t.did),
taken as (
    insert into account_extra as e (account, describe, extra, collections, updated_at)
    select account, described, extra,
           case when jsonb_typeof(described -> 'collections') = 'array'
                then array(select jsonb_array_elements_text(described -> 'collections')) else '{}' end,
           updated_at
    from known
    order by account
    on conflict (account) do update
        set describe = coalesce(excluded.describe, e.describe), extra = coalesce(excluded.extra, e.extra),
            collections = case when excluded.describe is null then e.collections else excluded.collections end,
            updated_at = excluded.updated_at
        where e.updated_at < excluded.updated_at
    returning account)
select (select count(*) from told) - (select count(*) from known) as unknown, (select count(*) from taken) as taken
