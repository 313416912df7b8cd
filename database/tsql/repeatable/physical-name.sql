-- A header as a column name: accents removed, camelCase to snake_case, everything else '_', at most 60 bytes.
-- NULL when nothing but underscores would be left. Works on code points, so that no collation has a say.
alter function qt.physical_name (@header nvarchar(4000))
returns nvarchar(60)
with schemabinding
as
begin
  -- U+00C0 to U+017F, one letter each; the ones that need two are spelled out below.
  declare @letters nvarchar(200) = N'AAAAAAACEEEEIIIIDNOOOOO_OUUUUYTsaaaaaaaceeeeiiiidnooooo_ouuuuyty'
    + N'AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs';
  declare @name nvarchar(4000) = N'';
  declare @piece nvarchar(2);
  declare @length int = len(@header + N'.') - 1;
  declare @i int = 1;
  declare @code int;
  declare @first int;
  declare @last int = 0;
  while @i <= @length
  begin
    set @code = unicode(substring(@header, @i, 1));
    set @piece = case
      when @code between 48 and 57 or @code between 65 and 90 or @code between 97 and 122 then nchar(@code)
      when @code = 198 then N'AE' when @code = 230 then N'ae' when @code = 223 then N'ss'
      when @code = 338 then N'OE' when @code = 339 then N'oe' when @code = 222 then N'TH' when @code = 254 then N'th'
      when @code between 192 and 383 then substring(@letters, @code - 191, 1)
      when @code = 536 then N'S' when @code = 537 then N's' when @code = 538 then N'T' when @code = 539 then N't'
      when @code between 768 and 879 then N''
      else N'_' end;
    if @piece <> N''
    begin
      set @first = unicode(@piece);
      -- A capital after a small letter or digit begins a word.
      if @first between 65 and 90 and (@last between 97 and 122 or @last between 48 and 57)
        set @name = @name + N'_';
      if not (@first = 95 and @last = 95)
        set @name = @name + @piece;
      set @last = unicode(right(@piece, 1));
    end
    set @i = @i + 1;
  end
  -- Under a Turkish collation the small letter of I is another one.
  set @name = lower(@name collate Latin1_General_BIN2);
  if unicode(@name) between 48 and 57
    set @name = N'_' + @name;
  set @name = left(@name, 60);
  return case when @name in (N'', N'_') then null else @name end;
end
