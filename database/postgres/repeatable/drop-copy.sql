-- Drops the copy of a dataset whose type was being changed, and forgets how far it was. The landed table stays as it is.
create or replace function qt.drop_copy(dataset_no integer)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  dropped integer;
begin
  delete from qt.type_change x where x.dataset_no = drop_copy.dataset_no returning x.change_no into dropped;
  if dropped is not null then
    execute format('drop table if exists data.%I', 'change__' || dropped);
  end if;
end $$;
