insert into sync_cursors as c (stage, host, kind, seq, time, polled_at, last_error, last_error_at, next_try_at)
values (:#stage, :#host, 'unknown', 0, 'epoch', coalesce(cast(:#polledAt as timestamptz), 'epoch'),
        cast(:#lastError as text), cast(:#lastErrorAt as timestamptz), cast(:#nextTryAt as timestamptz))
on conflict (stage, host) do update
    set caught_up_at = case when c.caught_up_at is not null then greatest(c.caught_up_at, cast(:#atHead as timestamptz)) end,
        polled_at = greatest(c.polled_at, excluded.polled_at),
        last_error = coalesce(excluded.last_error, c.last_error),
        last_error_at = coalesce(excluded.last_error_at, c.last_error_at),
        next_try_at = excluded.next_try_at
