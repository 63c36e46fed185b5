select set_config('search_path', concat_ws(', ', nullif(current_setting('search_path'), ''), 'atmirror_internal'), false)
where strpos(current_setting('search_path'), 'atmirror_internal') = 0
