-- Takes rows out of the copy of a dataset whose type is being changed; to be called when their cells are erased, and before they are removed
-- from the landed table: a copy learns only from versions, and at its next step. `condition` is SQL about the landed row `l` and the copied
-- one, `b`. The caller holds the dataset's lock.
create or replace function qt.uncopy_rows(dataset_no integer, condition text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  x qt.type_change;
  gone bigint;
begin
  select * into x from qt.type_change y where y.dataset_no = uncopy_rows.dataset_no;
  if x.dataset_no is not null then
    execute format('with gone as (delete from data.%I b using data.%I l where l._key_hash = b._key_hash and (%s) returning b._deleted)
      select count(*) from gone where not _deleted', 'change__' || x.change_no,
      (select d.table_name from qt.dataset d where d.dataset_no = x.dataset_no), condition) into gone;
    update qt.type_change y set copied_rows = y.copied_rows - gone where y.dataset_no = x.dataset_no;
  end if;
end $$;
