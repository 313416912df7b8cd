-- A header without what is only a matter of spelling: case, blanks and the separators _ - . / ( ). Works on code points, as qt.physical_name.
alter function qt.bare_header (@header nvarchar(200))
returns nvarchar(200)
with schemabinding
as
begin
  declare @bare nvarchar(200) = N'', @at int = 1, @code int;
  while @at <= len(@header + N'.') - 1
  begin
    set @code = unicode(substring(@header, @at, 1));
    if not (@code <= 32 or @code in (40, 41, 45, 46, 47, 95, 160, 8239, 8287, 8288, 12288, 65279) or @code between 8192 and 8205)
      set @bare = @bare + substring(@header, @at, 1);
    set @at = @at + 1;
  end
  -- Not BIN2, under which Babelfish has small letters for A to Z only; nor the database's, which may be Turkish.
  return lower(@bare collate Latin1_General_CI_AS);
end
