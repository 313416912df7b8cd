-- A header for a message, with what cannot be seen in it as code points: control characters, blanks other than the space, characters
-- without width, full-width forms, and Greek and Cyrillic letters among Latin ones, which look alike.
alter function qt.visible_text (@text nvarchar(200))
returns nvarchar(max)
with schemabinding
as
begin
  declare @shown nvarchar(max) = N'', @at int = 1, @code int, @character nchar(1);
  declare @hex nchar(16) = N'0123456789ABCDEF';
  declare @latin bit = case when @text like N'%[A-Za-z]%' collate Latin1_General_BIN2 then 1 else 0 end;
  while @at <= len(@text + N'.') - 1
  begin
    set @character = substring(@text, @at, 1);
    set @code = unicode(@character);
    if @code < 32 or @code between 127 and 160 or @code = 173 or @code between 8192 and 8303 or @code in (12288, 65279) or @code between 65281 and 65374
       or (@latin = 1 and @code between 880 and 1327)
      set @shown = @shown + N'[U+' + substring(@hex, @code / 4096 + 1, 1) + substring(@hex, @code / 256 % 16 + 1, 1)
        + substring(@hex, @code / 16 % 16 + 1, 1) + substring(@hex, @code % 16 + 1, 1) + N']';
    else
      set @shown = @shown + @character;
    set @at = @at + 1;
  end
  return case when @text is not null then N'"' + @shown + N'"' end;
end
