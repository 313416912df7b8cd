-- The staging table of a run: its id without dashes.
alter function qt.staging_name (@run_id nvarchar(64))
returns nvarchar(70)
with schemabinding
as
begin
  return N'load_' + replace(@run_id, N'-', N'');
end
