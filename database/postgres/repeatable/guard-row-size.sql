-- Refuses a snapshot with a row that would not fit into a landed table of SQL Server. docs/sql-server-limits.md has the sizes. Reads
-- pg_temp.qt_column. The rows are looked at only if there are so many texts that one could be too large.
create or replace function qt.guard_row_size(dataset_no integer, staging regclass)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  d qt.dataset;
  texts int;
  fixed int;
  most int;
  cells text;
begin
  select * into d from qt.dataset x where x.dataset_no = guard_row_size.dataset_no;
  -- Ours take 88 bytes and a bit; eight bits share a byte, as do eight columns in the map of NULLs. Texts are numbered in the order that they
  -- have, or will have, in the table.
  select count(*) filter (where z.type = 'text'),
    4 + 88 + (1 + count(*) filter (where z.type = 'bit') + 7) / 8 + 2 + (6 + count(*) + 7) / 8 + coalesce(sum(case
      when z.type in ('text', 'bit') then 0
      when z.type = 'date' then 3
      when z.type = 'int' then 4
      when z.type = 'datetime2' then 7
      when z.type in ('bigint', 'float') then 8
      when z.type ~ '^decimal\(\d,' then 5
      when z.type ~ '^decimal\(1\d,' then 9
      when z.type ~ '^decimal\(2[0-8],' then 13
      else 17 end), 0),
    string_agg(format('(%s, %s)', z.staged, z.no), ', ') filter (where z.type = 'text' and z.staged is not null)
  into texts, fixed, cells
  from (
    select a.type, a.staged, row_number() over (partition by a.type = 'text' order by coalesce(l.attnum, 10000 + a.place)) as no
    from (
      select c.name, c.type, c.place, 's.' || c.staged as staged from pg_temp.qt_column c
      union all
      select k.name, k.type, k.ordinal, null from qt.dataset_column k
      where k.dataset_no = d.dataset_no and k.name not in (select c.name from pg_temp.qt_column c)) a
    left join pg_attribute l on l.attrelid = to_regclass(format('data.%I', d.table_name)) and l.attname = a.name and not l.attisdropped) z;
  if fixed > 8060 then
    raise exception 'QT4047: The declared types of dataset % need % bytes in every row of data.%, counting columns that vanished; 8060 fit. Declare smaller types, leave columns out with the dataset''s exclude, or use a new table name.',
      d.dataset_id, fixed, d.table_name;
  end if;
  if cells is null or fixed + 2 + 26 * texts <= 8060 then
    return;
  end if;
  -- Two bytes for each column up to the last that is filled, and what of the text stays in the row: up to 12 characters of two bytes.
  execute format($f$select max(b.bytes) from %s s, lateral (
      select 2 * max(v.no) + sum(case when length(v.t) >= 12 then 24
        else least(24, 2 * (length(v.t) + regexp_count(v.t, '[\U00010000-\U0010FFFF]'))) end) as bytes
      from (values %s) v (t, no) where v.t is not null) b$f$, staging, cells) into most;
  most := fixed + 2 + coalesce(most, 0);
  if most > 8060 then
    raise exception 'QT4047: A row of the snapshot of dataset % would take % bytes in data.%; 8060 fit. Leave out at least % of its columns of text with the dataset''s exclude%, or declare the types of columns that hold numbers or dates.',
      d.dataset_id, most, d.table_name, (most - 8060 + 25) / 26,
      coalesce(', such as ' || left((select string_agg(qt.visible_text(n.header), ', ' order by n.place desc)
        from (select c.header, c.place from pg_temp.qt_column c where c.type = 'text' and not c.is_key order by c.place desc limit 5) n), 700), '');
  end if;
end $$;
