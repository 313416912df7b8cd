-- How a number is written, as the text of 1234.5 (of 1234 if it is whole): 1.234,5% has points between thousands, a decimal comma and a
-- percent sign. NULL is the plain form, '' a combination that makes no sense.
alter function qt.number_format (@type nvarchar(20), @thousands nvarchar(10), @decimal nvarchar(10), @percent bit)
returns nvarchar(40)
with schemabinding
as
begin
  declare @whole bit = case when @type in (N'int', N'bigint') then 1 else 0 end;
  if @thousands is null and @decimal is null and isnull(@percent, 0) = 0
    return null;
  if @whole = 0 and @type <> N'float' and @type not like N'decimal(%'
    return N'';
  if @thousands is not null and (len(@thousands + N'.') <> 2
      or charindex(@thousands collate Latin1_General_BIN2, N'., ''' + nchar(160) + nchar(8239) collate Latin1_General_BIN2) = 0)
    return N'';
  if @decimal is not null and @decimal collate Latin1_General_BIN2 not in (N'.', N',')
    return N'';
  if (@whole = 0 or @decimal is not null) and @thousands collate Latin1_General_BIN2 = isnull(@decimal, N'.')
    return N'';
  if @percent = 1
  begin
    -- A hundredth has two digits more than the text: they must fit, and the server must be able to move the point without a loss.
    if @whole = 1
      return N'';
    if @type <> N'float' and (try_convert(int, substring(@type, 9, charindex(N',', @type) - 9)) > 35
        or try_convert(int, substring(@type, charindex(N',', @type) + 1, len(@type) - charindex(N',', @type) - 1)) < 2)
      return N'';
  end
  if @thousands is null and isnull(@percent, 0) = 0 and (@whole = 1 or @decimal = N'.')
    return null;
  return N'1' + isnull(@thousands, N'') + N'234' + case when @whole = 0 then isnull(@decimal, N'.') + N'5' else N'' end
    + case when @percent = 1 then N'%' else N'' end;
end
