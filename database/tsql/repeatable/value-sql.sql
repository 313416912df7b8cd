-- SQL that turns the text of @expression into the declared type: NULL for a blank, and NULL for what does not convert. A value lands
-- exactly, for a float as the nearest one, or it does not convert. The patterns come first: what SQL Server and Babelfish make of N'',
-- exponents or day-first dates by themselves differs.
alter function qt.value_sql (@type nvarchar(20), @expression nvarchar(max))
returns nvarchar(max)
with schemabinding
as
begin
  if @type = N'text' return @expression;
  declare @v nvarchar(max) = N'(ltrim(rtrim(' + @expression + N')) collate Latin1_General_BIN2)';
  declare @s nvarchar(max) = N'(case when left(' + @v + N', 1) in (N''+'', N''-'') then substring(' + @v + N', 2, 2147483647) else ' + @v + N' end)';
  declare @day nvarchar(100) = N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]';
  declare @x nvarchar(max);
  if @type in (N'int', N'bigint')
    return N'case when ' + @v + N' like N''%[0-9]%'' and ' + @s + N' not like N''%[^0-9]%'' then try_convert(' + @type + N', ' + @v + N') end';
  if @type = N'float'
  begin
    -- Up to the exponent. A text that ends with an e or a sign may convert too, and one that is too small converts to 0, as some are to
    -- fewer digits than a float has: below its smallest normal value only 0 is taken.
    set @x = N'left(' + @v + N', patindex(N''%[eE]%'', ' + @v + N' + N''e''))';
    return N'case when ' + @x + N' like N''%[0-9]%'' and ' + @v + N' like N''%[0-9.]'' and ' + @v + N' not like N''[-+][^0-9.]%'''
      + N' and replace(replace(' + @v + N', N''+'', N''''), N''-'', N'''') not like N''%[^0-9.eE]%'''
      + N' and ' + @v + N' not like N''%[eE]%[0-9][0-9][0-9][0-9]%'''
      + N' and (abs(try_convert(float, ' + @v + N')) >= 2.2250738585072014e-308 or ' + @x + N' not like N''%[1-9]%'')'
      + N' then try_convert(float, ' + @v + N') + 0e0 end';
  end
  if @type = N'bit'
    return N'case when lower(' + @v + N') in (N''true'', N''1'', N''yes'', N''y'') then cast(1 as bit)'
      + N' when lower(' + @v + N') in (N''false'', N''0'', N''no'', N''n'') then cast(0 as bit) end';
  if @type = N'date'
    return N'case when ' + @v + N' like N''' + @day + N''' then try_convert(date, ' + @v + N', 23) end';
  if @type = N'datetime2'
  begin
    -- Without the Z that may end a text with a time. What a text leaves away is filled in, so that one pattern holds for all; how long
    -- it may be says a list with a 1 at each length: a day, minutes, seconds, and one to nine digits of a second, zeros after the third.
    set @x = N'replace(' + @v + N', N''Z'', N'''')';
    return N'case when ' + @v + N' not like N''%Z_%'' and ' + @v + N' not like N''__________Z'' and ' + @v + N' not like N''___________2[4-9]%'''
      + N' and substring(N''00000000010000010010111111111'', len(' + @x + N'), 1) = N''1'''
      + N' and ' + @x + N' + substring(N''0000-00-00T00:00:00.000000000'', len(' + @x + N') + 1, 29) like N''' + @day
      + N'[ T][0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000'''
      + N' then try_convert(datetime2(3), left(replace(' + @x + N', N''T'', N'' ''), 23), 121) end';
  end
  -- decimal(p,s): digits beyond the scale are refused, not rounded away. Zeros there are cut off, but for one after the point: .0 is a 0.
  declare @scale nvarchar(2) = substring(@type, charindex(N',', @type) + 1, len(@type) - charindex(N',', @type) - 1);
  set @x = N'charindex(N''.'', ' + @v + N' + N''.'') + ';
  return N'case when ' + @v + N' like N''%[0-9]%'' and ' + @s + N' not like N''%[^0-9.]%'' and ' + @v + N' not like N''%.%.%'''
    + N' and substring(' + @v + N', ' + @x + N'1 + ' + @scale + N', 2147483647) not like N''%[^0]%'''
    + N' then try_convert(' + @type + N', left(' + @v + N', ' + @x + case @scale when N'0' then N'1' else @scale end + N')) end';
end
