-- Erases the row of a key for good: its cells at once, the key with the tombstone's purge. A later snapshot does not bring it back until
-- qt.lift_erasure. An administrator calls it. `key` is a JSON object of column or header to text.
create or replace function qt.erase(dataset_id text, key text)
returns table (rows_erased bigint, tables text, refused_values bigint, open_loads bigint, was_erased boolean)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  found_key record;
  d qt.dataset;
  changed bigint;
begin
  rows_erased := 0;
  for found_key in select * from qt.find_key(erase.dataset_id, erase.key) loop
    perform qt.lock_dataset(found_key.dataset_no);
    select * into d from qt.dataset x where x.dataset_no = found_key.dataset_no;
    -- Also one that a load has deleted meanwhile: the copy does not know that yet.
    perform qt.uncopy_rows(d.dataset_no, format('not b._deleted and b._key_hash = %L', found_key.identity));
    execute format('update data.%I set _deleted = true, _version = $1%s where _key_hash = $2 and not _deleted', d.table_name,
      (select string_agg(format(', %I = null', a.attname), '') from pg_attribute a
       where a.attrelid = format('data.%I', d.table_name)::regclass and a.attnum > 0 and not a.attisdropped
         and a.attname not in ('_row_id', '_key_hash', '_version', '_deleted') and not d.key_columns::jsonb ? a.attname))
      using d.published_version + 1, found_key.identity;
    get diagnostics changed = row_count;
    if changed > 0 then
      update qt.dataset x set published_version = x.published_version + 1, live_rows = x.live_rows - changed, erased_at = clock_timestamp(),
        erased_version = x.published_version + 1
      where x.dataset_no = d.dataset_no;
      rows_erased := rows_erased + changed;
      tables := concat_ws(', ', tables, d.table_name);
    end if;
  end loop;
  insert into qt.erased_key (dataset_id, key_hash) values (erase.dataset_id, found_key.key_hash) on conflict do nothing;
  was_erased := not found;
  -- All of the dataset's: which row a refused cell stood in is not kept.
  delete from qt.refused_value r where r.dataset_no in (select x.dataset_no from qt.dataset x where x.dataset_id = erase.dataset_id);
  get diagnostics refused_values = row_count;
  select count(*) into open_loads from qt.load l join qt.dataset x on x.dataset_no = l.dataset_no
  where x.dataset_id = erase.dataset_id and l.status = 'loading';
  return next;
end $$;
