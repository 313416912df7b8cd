-- One page of the feed: the header first, then, when the cursor is good, the rows after it. Rows are versioned and need no lock, the types
-- of columns are not: so the table is touched before the catalogue is read, which keeps every ALTER away until the page is read.
create or replace function qt.changes(dataset_id text, epoch text, after_version bigint, after_row bigint, upto bigint, "limit" integer)
returns setof refcursor language plpgsql security definer
set search_path = pg_catalog, pg_temp set jit = off as $$
declare
  d qt.dataset;
  answer text := 'ok';
  bound bigint;
  header refcursor;
  page refcursor;
  fields text;
  columns text;
begin
  if "limit" is null or "limit" < 1 or after_version is null or after_row is null then
    raise exception 'QT4032: qt.changes needs after_version, after_row and a limit of at least 1.';
  end if;
  perform qt.renew_epochs_after_restore();
  select * into d from qt.dataset x where x.dataset_id = changes.dataset_id and x.status = 'active';
  if d.dataset_no is not null then
    execute format('select from data.%I limit 0', d.table_name);
    select * into d from qt.dataset x where x.dataset_no = d.dataset_no;
  end if;
  bound := least(coalesce(changes.upto, d.published_version), d.published_version);
  if d.dataset_no is null then
    answer := 'unknown';
  elsif changes.epoch is not null and (changes.epoch <> d.epoch
        -- Tombstones after the cursor are gone, where a read is not at its end also those of the cursor's own version. A read whose
        -- bound lies after the purge began after it and misses none.
        or (changes.upto is null and after_version < d.purged_through)
        or (changes.upto < d.purge_version and after_version <= d.purged_through)) then
    answer := 'resync';
  end if;

  -- Here and not in the cursor, which is read with the rights of the caller.
  columns := qt.columns_json(d.dataset_no);
  open header for select answer as status, d.epoch as epoch, bound as upto, d.purged_through as purged_through,
    d.key_columns as key_columns, columns as columns;
  return next header;
  if answer <> 'ok' then
    return;
  end if;

  -- The text of a typed value is short, and its column says so, as T-SQL's does: the driver reads it faster than one without a limit.
  select string_agg(format(case when c.type = 'text' then ', %s as %I' else ', (%s)::varchar(50) as %I' end,
    qt.text_sql(c.type, quote_ident(c.name)), c.name), '' order by c.ordinal)
  into fields from qt.dataset_column c where c.dataset_no = d.dataset_no;
  perform set_config('datestyle', 'ISO', true);  -- in force until the page is fetched, which is after this function's end
  open page for execute format('select _version, _row_id, _deleted%s from data.%I
    where (_version, _row_id) > ($1, $2) and _version <= $3 order by _version, _row_id limit $4', fields, d.table_name)
    using after_version, after_row, bound, "limit";
  return next page;
end $$;
