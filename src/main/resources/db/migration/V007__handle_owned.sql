-- A migration of its own, as the lock that it takes would keep all readers waiting while the next one rewrites rows.
alter table handle_check
    add column owned text not null default '';            -- the handle while the account is its verified owner; else ''
