-- The text of QT4024. It names the row and not the value, which may be somebody's personal data.
create or replace function qt.refused_type(header text, dataset_id text, type text, rows bigint, row_id bigint)
returns text language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  return format('QT4024: Column %s of dataset %s cannot become %s: at least %s of its rows %s something else, the first with _row_id %s. Correct it in Quantemplate, keep the type, set onError to null, or use a new table name.',
    qt.visible_text(left(header, 100)), dataset_id, type, rows, case rows when 1 then 'holds' else 'hold' end, row_id);
end $$;
