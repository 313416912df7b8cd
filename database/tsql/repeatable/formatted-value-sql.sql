-- qt.value_sql for a text in a format (qt.format_tokens, qt.number_format): NULL for a blank, and NULL for what is not in that format, as
-- the plain form then. In few names, because all columns of a table are one expression (error 8632): qt.configure knows how many.
alter function qt.formatted_value_sql (@type nvarchar(20), @format nvarchar(40), @expression nvarchar(max))
returns nvarchar(max)
as
begin
  if @format is null return qt.value_sql(@type, @expression);
  declare @v nvarchar(max) = N'(ltrim(rtrim(' + @expression + N')) collate Latin1_General_BIN2)';
  declare @sql nvarchar(max) = N'';
  if @type not in (N'date', N'datetime2')
  begin
    declare @plain nvarchar(max);
    declare @sign nvarchar(2) = replace(case when substring(@format, 2, 1) + N'.' = N'2.' then N'' else substring(@format, 2, 1) end, N'''', N'''''');
    declare @point nvarchar(1) = substring(@format, charindex(N'234', @format) + 3, 1);
    declare @percent bit = case when @format like N'%[%]' then 1 else 0 end;
    if @percent = 1
    begin
      set @sql = @v + N' like N''%[%]'' and ' + @v + N' not like N''%[%]_%'' and ';
      set @v = N'rtrim(replace(' + @v + N', N''%'', N''''))';
    end
    set @sql = @sql + @v + N' not like N''%[^-+0-9' + case when @type = N'float' and @percent = 0 then N'eE' else N'' end + @sign + @point + N']%''';
    set @plain = @v;
    if len(@sign + N'.') > 1
    begin
      -- What is before a separator and the three places after it; no four digits before one or after one; none after the point. No 0 at the
      -- beginning either: 0.125 with a point between thousands would be 125.
      set @sql = @sql + N' and N''+'' + ' + @v + N' not like N''%[-+]0%' + @sign + N'%'' and N''+'' + ' + @v + N' not like N''%[^0-9]' + @sign + N'%'''
        + N' and ' + @v + N' + N''x'' not like N''%' + @sign + N'[^0-9]%'' and ' + @v + N' + N''x'' not like N''%' + @sign + N'_[^0-9]%'' and '
        + @v + N' + N''x'' not like N''%' + @sign + N'__[^0-9]%'' and ' + @v + N' not like N''%' + @sign + N'[0-9][0-9][0-9][0-9]%'' and '
        + @v + N' not like N''%[0-9][0-9][0-9][0-9]%' + @sign + N'%''';
      if @point <> N''
        set @sql = @sql + N' and ' + @v + N' not like N''%' + @point + N'%' + @sign + N'%''';
      set @plain = N'replace(' + @plain + N', N''' + @sign + N''', N'''')';
    end
    if @point = N','
      set @plain = N'replace(' + @plain + N', N'','', N''.'')';
    if @percent = 0
      return N'case when ' + @sql + N' then ' + qt.value_sql(@type, @plain) + N' end';
    if @type = N'float'
      return N'case when ' + @sql + N' then ' + qt.value_sql(@type, @plain + N' + N''e-2''') + N' end';
    -- The digits are the same, the point is moved: a product of 0.01 is exact up to 38 digits.
    declare @comma int = charindex(N',', @type);
    declare @scale int = try_convert(int, substring(@type, @comma + 1, len(@type) - @comma - 1)) - 2;
    return N'case when ' + @sql + N' then cast((' + qt.value_sql(left(@type, @comma) + cast(@scale as nvarchar(2)) + N')', @plain)
      + N') * 0.01 as ' + @type + N') end';
  end

  -- A branch for each way in which M, d and H can have one digit or two. A fraction is filled up to nine digits, six of them zeros.
  declare @tokens nvarchar(200) = qt.format_tokens(@type, @format);
  declare @count int = len(@tokens) / 2;
  declare @kinds nvarchar(100) = left(@tokens, @count);
  declare @branches int = 1, @branch int = 0, @bit int, @i int, @at int, @width int, @kind nchar(1), @character nchar(1);
  declare @pattern nvarchar(max), @piece nvarchar(max), @condition nvarchar(max);
  declare @year nvarchar(max), @month nvarchar(max), @day nvarchar(max), @time nvarchar(max);
  declare @hour nvarchar(max), @minute nvarchar(max), @second nvarchar(max), @fraction nvarchar(max);
  set @i = 1;
  while @i <= @count
  begin
    if substring(@kinds, @i, 1) collate Latin1_General_BIN2 in (N'o', N'd', N'h')
      set @branches = @branches * 2;
    set @i = @i + 1;
  end
  while @branch < @branches
  begin
    select @i = 1, @at = 1, @bit = 1, @pattern = N'', @condition = N'', @time = N'', @hour = N'', @minute = N'', @second = N'', @fraction = N'';
    while @i <= @count
    begin
      set @kind = substring(@kinds, @i, 1);
      set @width = case when @kind collate Latin1_General_BIN2 in (N'N', N'f') then 3 when @kind = N'y' then 4 when @kind = N'l' then 1 else 2 end;
      if @kind collate Latin1_General_BIN2 in (N'o', N'd', N'h')
      begin
        if @branch / @bit % 2 = 1
          set @width = 1;
        set @bit = @bit * 2;
      end
      set @piece = N'substring(' + @v + N', ' + cast(@at as nvarchar(3)) + N', ' + cast(@width as nvarchar(1)) + N')';
      if @kind <> N'l' and @width = 1
        set @piece = N'N''0'' + ' + @piece;
      if @kind = N'l'
      begin
        set @character = substring(@tokens, @count + @i, 1);
        set @pattern = @pattern + case when @character = N'[' then N'[[]' when @character = N'%' then N'[%]' when @character = N'_' then N'[_]'
          when @character = N'''' then N'''''' else @character end;
      end
      else if @kind = N'y' begin set @year = @piece; set @pattern = @pattern + N'[0-9][0-9][0-9][0-9]'; end
      else if @kind collate Latin1_General_BIN2 = N'N'
      begin
        set @month = N'substring(N''01  02  03  04  05  06  07  08  09  10  11  12'', charindex(N''-'' + lower(' + @piece
          + N'), N''-jan-feb-mar-apr-may-jun-jul-aug-sep-oct-nov-dec''), 2)';
        set @pattern = @pattern + N'[A-Za-z][A-Za-z][A-Za-z]';
      end
      else if @kind collate Latin1_General_BIN2 = N'f'
      begin
        set @fraction = N' + N''.'' + substring(' + @v + N' + N''00'', ' + cast(@at as nvarchar(3)) + N', 3)';
        set @condition = N' + N''00000000'' like N''' + @pattern + N'[0-9][0-9][0-9]000000%'' and len(' + @v + N') < ' + cast(@at + 9 as nvarchar(3));
      end
      else
      begin
        set @pattern = @pattern + case when @width = 1 then N'' when @kind collate Latin1_General_BIN2 in (N'm', N's') then N'[0-5]' else N'[0-9]' end + N'[0-9]';
        if @kind collate Latin1_General_BIN2 in (N'O', N'o') set @month = @piece;
        if @kind collate Latin1_General_BIN2 in (N'D', N'd') set @day = @piece;
        if @kind collate Latin1_General_BIN2 in (N'H', N'h') set @hour = N' + N'' '' + ' + @piece;
        if @kind collate Latin1_General_BIN2 = N'm' set @minute = N' + N'':'' + ' + @piece;
        if @kind collate Latin1_General_BIN2 = N's' set @second = N' + N'':'' + ' + @piece;
        -- What this server makes of 24:00 another does not.
        if @kind collate Latin1_General_BIN2 in (N'H', N'h') and @width = 2 set @time = N' and ' + @piece + N' < N''24''';
      end
      set @at = @at + @width;
      set @i = @i + 1;
    end
    set @sql = @sql + N' when ' + @v + case when @condition = N'' then N' like N''' + @pattern + N'''' else @condition end + @time
      + N' then try_convert(' + case when @type = N'date' then N'date' else N'datetime2(3)' end + N', ' + @year + N' + N''-'' + ' + @month + N' + N''-'' + ' + @day
      + @hour + @minute + @second + @fraction + case when @type = N'date' then N', 23)' else N', 121)' end;
    set @branch = @branch + 1;
  end
  return N'case' + @sql + N' end';
end
