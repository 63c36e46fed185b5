-- What verification has found to be another handle, or none, was never checked.
update handle_check v
set owned = '', result = '-', due = case when v.due < 'infinity' then '-infinity' else v.due end
where v.owned <> '' and not exists (select from plc_operation o where o.id = v.operation and o.handle = v.owned)
