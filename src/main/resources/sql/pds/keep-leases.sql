-- A lease of the last ten seconds is kept: its visits may be about to begin. One that ended, and that nobody took, is
-- still ours.
update pds_operator
set leased_until = case
        when operator = any(cast(:#busy as text[])) then now() + :#lease * interval '1 second'
        else now() end
where leased_by = :#owner
  and (operator = any(cast(:#busy as text[]))
    or leased_until > now() and leased_until <= now() + (:#lease - 10) * interval '1 second')
