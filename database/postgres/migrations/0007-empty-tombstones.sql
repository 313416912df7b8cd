-- Deleted rows keep their key only, as qt.publish now leaves them. The feed sends nothing of it: a deletion is its key.
do $$
declare
  statement text;
begin
  for statement in
    select format('update data.%I set %s where _deleted', d.table_name, string_agg(format('%I = null', k.name), ', '))
    from qt.dataset d join qt.dataset_column k on k.dataset_no = d.dataset_no
    where not d.key_columns::jsonb ? k.name
    group by d.table_name
  loop
    execute statement;
  end loop;
end $$;
