-- The hash of the key that `key` names, a JSON object of column or header to text, and the dataset's tables. Every message names columns,
-- never a value. `identity` is what identifies the row in a table.
create or replace function qt.find_key(dataset_id text, key text)
returns table (dataset_no integer, identity bytea, key_hash bytea) language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  d qt.dataset;
  given jsonb := '{}';
  texts text[];
  wrong text;
begin
  -- One that was released before it had a row has no table.
  select * into d from qt.dataset x where x.dataset_id = find_key.dataset_id and to_regclass(format('data.%I', x.table_name)) is not null
  order by x.status = 'active' desc, x.dataset_no desc limit 1;
  if d.dataset_no is null then
    raise exception 'QT4039: There is no table of dataset %, so nothing of it is stored. Look the id up in the tenant''s datasets.', coalesce(left(find_key.dataset_id, 200), '<NULL>');
  elsif d.key_columns = '[]' then
    raise exception 'QT4037: Dataset % has no key columns, so no row of it can be found by a key. Remove the row in Quantemplate and load the dataset, or configure the columns that identify a row with a new table name.', d.dataset_id;
  end if;
  if pg_input_is_valid(find_key.key, 'json') and json_typeof(find_key.key::json) = 'object' then
    given := find_key.key::jsonb;
  end if;
  create temp table qt_key on commit drop as
    select k.name, coalesce(c.type, t.type, 'text') as type, case when c.type is null then t.format else c.format end as format, g.value #>> '{}' as value
    from jsonb_array_elements_text(d.key_columns::jsonb) k(name)
    left join qt.dataset_column c on c.dataset_no = d.dataset_no and c.name = k.name
    left join qt.dataset_type t on t.dataset_no = d.dataset_no and t.name = k.name
    join jsonb_each(given) g(header, value) on jsonb_typeof(g.value) in ('string', 'number', 'boolean')
      and (g.header = k.name or g.header = c.header or qt.physical_name(g.header) = k.name
        or exists (select from qt.dataset_header h where h.dataset_no = d.dataset_no and h.name = k.name and h.header = g.header));
  if (select count(distinct k.name) from pg_temp.qt_key k) <> jsonb_array_length(d.key_columns::jsonb)
     or (select count(*) from pg_temp.qt_key) <> jsonb_array_length(d.key_columns::jsonb)
     or (select count(*) from jsonb_object_keys(given)) <> jsonb_array_length(d.key_columns::jsonb) then
    raise exception 'QT4038: The key of dataset % is %. Name each of these columns once, with its value, and no other.',
      d.dataset_id, left((select string_agg(k, ', ') from jsonb_array_elements_text(d.key_columns::jsonb) k), 500);
  end if;
  -- Not as literals: of those the planner makes values ahead, also of one that the expression would refuse.
  select array_agg(qt.text_sql(k.type, format('(%s)', qt.formatted_value_sql(k.type, k.format, format('(select g.value from pg_temp.qt_key g where g.name = %L)', k.name)))) order by k.name)
  into texts from pg_temp.qt_key k;
  execute format('select string_agg(n.name || '' is '' || n.type, '', '' order by n.name) from unnest($1, $2, array[%s]) n(name, type, value) where n.value is null',
    array_to_string(texts, ', ')) into wrong
    using (select array_agg(k.name order by k.name) from pg_temp.qt_key k), (select array_agg(k.type order by k.name) from pg_temp.qt_key k);
  if wrong is not null then
    raise exception 'QT4038: The key of dataset % has a value that does not convert: %. Write it as it is in the file.', d.dataset_id, left(wrong, 500);
  end if;
  execute 'select ' || qt.key_sql(texts) into identity;
  key_hash := qt.erased_hash((select string_agg(k.name, ',' order by k.name) from pg_temp.qt_key k), identity);
  drop table pg_temp.qt_key;
  return query select x.dataset_no, identity, key_hash from qt.dataset x where x.dataset_id = d.dataset_id and x.key_columns::jsonb @> d.key_columns::jsonb
    and d.key_columns::jsonb @> x.key_columns::jsonb and to_regclass(format('data.%I', x.table_name)) is not null order by x.dataset_no;
end $$;
