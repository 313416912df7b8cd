-- A dataset that landed unasked, never published and does not load now holds no table name: another dataset may have it.
create or replace function qt.release_unused(table_name text, dataset_id text)
returns void language sql set search_path = pg_catalog, pg_temp as $$
  select qt.release_table(d.dataset_no) from qt.dataset d
  where d.table_name = release_unused.table_name and d.dataset_id <> release_unused.dataset_id and d.origin = 'landed' and d.published_version = 0
    and not exists (select from qt.load l where l.dataset_no = d.dataset_no and l.status = 'loading');
$$;
