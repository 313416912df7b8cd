-- The text of QT4024. It names the row and not the value, which may be somebody's personal data.
alter function qt.refused_type (@header nvarchar(128), @dataset_id nvarchar(200), @type nvarchar(20), @rows bigint, @row bigint)
returns nvarchar(2000)
as
begin
  return N'Column ' + qt.visible_text(left(@header, 100)) + N' of dataset ' + @dataset_id + N' cannot become ' + @type + N': at least '
    + cast(@rows as nvarchar(20)) + N' of its rows ' + case @rows when 1 then N'holds' else N'hold' end + N' something else, the first with _row_id '
    + cast(@row as nvarchar(20)) + N'. Correct it in Quantemplate, keep the type, set onError to null, or use a new table name.';
end
