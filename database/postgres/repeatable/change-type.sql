drop function if exists qt.change_type(integer, text, text);

-- Changes the type of a landed column when every value of a live row converts; otherwise names the first row of which it does not, or with
-- onError null lets it become NULL. Rows whose text in the feed becomes another one get a version of their own, as a change of any other
-- kind. A large table is left to qt.change_types.
create or replace function qt.change_type(dataset_no integer, name text, type text, on_error text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  d qt.dataset;
  c qt.dataset_column;
  old_text text;
  new_value text;
  bad record;
  changed bigint;
begin
  select * into d from qt.dataset x where x.dataset_no = change_type.dataset_no;
  select * into c from qt.dataset_column x where x.dataset_no = d.dataset_no and x.name = change_type.name;
  if d.key_columns::jsonb ? c.name then
    raise exception 'QT4021: The key column "%" of dataset % cannot change from % to %: its rows would become other rows. Use a new table name.',
      c.header, d.dataset_id, c.type, type;
  end if;
  if d.live_rows > coalesce((select y.value::bigint from qt.setting y where y.name = 'rows_changed_at_once'), 100000) then
    return;
  end if;
  perform qt.drop_copy(d.dataset_no);
  old_text := qt.text_sql(c.type, quote_ident(c.name));
  new_value := qt.formatted_value_sql(type,
    (select t.format from qt.dataset_type t where t.dataset_no = d.dataset_no and t.name = c.name and c.type = 'text'), old_text);
  execute format('select count(*) as rows, min(_row_id) as row_id from data.%I where $1 <> ''null'' and not _deleted and btrim(%s) <> '''' and (%s) is null',
    d.table_name, old_text, new_value) into bad using on_error;
  if bad.rows > 0 then
    raise exception '%', qt.refused_type(c.header, d.dataset_id, type, bad.rows, bad.row_id);
  end if;
  execute format('update data.%I set _version = $1 where not _deleted and %s is distinct from %s',
    d.table_name, old_text, qt.text_sql(type, '(' || new_value || ')')) using d.published_version + 1;
  get diagnostics changed = row_count;
  update qt.dataset x set published_version = x.published_version + 1 where x.dataset_no = d.dataset_no and changed > 0;
  -- What is written in a format first gets the plain form: a change of a type cannot take it apart.
  if new_value <> qt.value_sql(type, old_text) then
    execute format('update data.%I set %I = %s where %I is not null', d.table_name, c.name, qt.text_sql(type, new_value), c.name);
    new_value := qt.value_sql(type, old_text);
  end if;
  execute format('alter table data.%I alter column %I type %s using %s',
    d.table_name, c.name, qt.physical_type(type), new_value);
  update qt.dataset_column x set type = change_type.type where x.dataset_no = d.dataset_no and x.name = c.name;
end $$;
