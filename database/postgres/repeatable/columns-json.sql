-- The landed columns of a dataset as JSON, in order.
create or replace function qt.columns_json(dataset_no integer)
returns text language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select '[' || coalesce(string_agg('{"name":"' || c.name || '","type":"' || c.type || '"}', ',' order by c.ordinal), '') || ']'
  from qt.dataset_column c where c.dataset_no = columns_json.dataset_no;
end;
