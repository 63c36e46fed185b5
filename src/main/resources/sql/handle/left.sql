-- In two, as each has its index.
select (select count(*) from handle_check where fresh and due < 'infinity' and due <= cast(? as timestamptz))
     + (select count(*) from handle_check where not fresh and due < 'infinity' and due <= cast(? as timestamptz))
