-- Refuses the snapshot in pg_temp.qt_column if its columns are too different from those of the last one: a lost header row or renamed
-- headers would otherwise empty the known columns, and the new ones would stay in the table for ever.
create or replace function qt.guard_columns(dataset_no integer)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  d qt.dataset;
  missing text;
  new text;
  last int;
  gone int;
  added int;
  now int;
begin
  select * into d from qt.dataset x where x.dataset_no = guard_columns.dataset_no;
  select count(*), count(*) filter (where c.name is null), string_agg(qt.visible_text(k.header), ', ' order by k.ordinal) filter (where c.name is null)
  into last, gone, missing
  from qt.dataset_column k left join pg_temp.qt_column c on c.name = k.name
  -- 0 is a column from before this was recorded: of such a dataset the last snapshot's columns are not known.
  where k.dataset_no = d.dataset_no and k.last_version > 0 and k.last_version = (select max(m.last_version) from qt.dataset_column m where m.dataset_no = d.dataset_no);
  select count(*), count(*) filter (where k.name is null), string_agg(qt.visible_text(c.header), ', ' order by c.place) filter (where k.name is null)
  into now, added, new
  from pg_temp.qt_column c left join qt.dataset_column k on k.dataset_no = d.dataset_no and k.name = c.name;
  if last > 0 and (gone * 100 > d.max_column_change_percent * last or added * 100 > d.max_column_change_percent * now) then
    raise exception 'QT4019: Of the % columns of the last snapshot of dataset %, this one lacks %; of its own %, % are new%. The guard is % percent. Look at the header in Quantemplate; if it is right, load it once with --allow-shrink.',
      last, d.dataset_id, gone || coalesce(' (' || left(missing, 300) || ')', ''), now, added, coalesce(' (' || left(new, 300) || ')', ''),
      d.max_column_change_percent;
  end if;
end $$;
