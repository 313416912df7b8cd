-- Names the first column that has values that do not convert in the rows of pg_temp.qt_copied.
create or replace function qt.name_refused_type(dataset_no integer)
returns text language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  refused record;
  bad record;
begin
  for refused in
    select w.*, c.ordinal from qt.wanted_types(name_refused_type.dataset_no) w
    join qt.dataset_column c on c.dataset_no = name_refused_type.dataset_no and c.name = w.name where w.on_error <> 'null' order by c.ordinal
  loop
    execute format('select count(*) as rows, min(_row_id) as row_id from pg_temp.qt_copied where not _deleted and btrim(__t%s) <> '''' and %I is null',
      refused.ordinal, refused.name) into bad;
    if bad.rows > 0 then
      return qt.refused_type(refused.header, (select d.dataset_id from qt.dataset d where d.dataset_no = name_refused_type.dataset_no),
        refused.type, bad.rows, bad.row_id);
    end if;
  end loop;
  return null;
end $$;
