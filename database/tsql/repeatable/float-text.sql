-- The shortest decimal text that reads back as the same float, written as PostgreSQL writes it: plain from 1e-4 to 1e15. Several RETURNs
-- keep SQL Server from making it part of the statement that calls it, which a hundred float columns would make too large (error 8632).
alter function qt.float_text (@value float)
returns nvarchar(40)
with schemabinding
as
begin
  if @value is null return null;
  if @value = 0 return N'0';
  -- Style 2 has 16 digits, rounded and perhaps out of range then; style 3 has the 17 that always suffice. Babelfish pads both.
  declare @text nvarchar(40) = ltrim(rtrim(convert(nvarchar(40), @value, 2)));
  if isnull(try_convert(float, @text), 0) <> @value
    set @text = ltrim(rtrim(convert(nvarchar(40), @value, 3)));
  declare @e int = charindex(N'e', @text);
  if @e = 0 return @text;
  declare @sign nvarchar(1) = case when @value < 0 then N'-' else N'' end;
  declare @exponent int = convert(int, substring(@text, @e + 1, 10));
  declare @digits nvarchar(40) = replace(replace(left(@text, @e - 1), N'.', N''), N'-', N'');
  -- 16 digits can be one more than it takes: 8.7 has 8.699999999999999. Rounded to 15 they may be one digit longer, and the exponent with them.
  declare @short nvarchar(40) = cast(round(cast(@digits as decimal(18, 0)), 15 - len(@digits)) as nvarchar(40));
  if isnull(try_convert(float, @sign + @short + N'e' + cast(@exponent - len(@digits) + 1 as nvarchar(5))), 0) = @value
  begin
    set @exponent = @exponent + len(@short) - len(@digits);
    set @digits = @short;
  end
  set @digits = replace(rtrim(replace(@digits, N'0', N' ')), N' ', N'0');
  if @exponent < -4 or @exponent >= 15
    return @sign + left(@digits, 1) + case when len(@digits) > 1 then N'.' + substring(@digits, 2, 40) else N'' end
      + N'e' + case when @exponent < 0 then N'-' else N'+' end
      + right(N'00' + cast(abs(@exponent) as nvarchar(5)), case when abs(@exponent) > 99 then 3 else 2 end);
  if @exponent < 0
    return @sign + N'0.' + replicate(N'0', -@exponent - 1) + @digits;
  if len(@digits) <= @exponent + 1
    return @sign + @digits + replicate(N'0', @exponent + 1 - len(@digits));
  return @sign + left(@digits, @exponent + 1) + N'.' + substring(@digits, @exponent + 2, 40);
end
