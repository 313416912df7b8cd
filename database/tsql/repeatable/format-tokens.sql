-- The parts of a format of days and times: first a letter for each, then a character for each, which matters for a literal only. NULL if it
-- is not a format for the type. y is yyyy, O MM, o M, N MMM, D dd, d d, H HH, h H, m mm, s ss, f fff, l a literal.
alter function qt.format_tokens (@type nvarchar(20), @format nvarchar(100))
returns nvarchar(200)
with schemabinding
as
begin
  declare @kinds nvarchar(100) = N'', @characters nvarchar(100) = N'', @at int = 1, @run int;
  declare @character nchar(1), @kind nchar(1);
  if @type not in (N'date', N'datetime2') or @format is null or len(@format + N'.') > 41 or ltrim(rtrim(@format)) + N'.' <> @format + N'.'
    return null;
  while @at <= len(@format)
  begin
    set @character = substring(@format, @at, 1);
    set @run = 1;
    set @kind = N'l';
    -- Letters that stand for something here or in other notations (hh, tt, YYYY, DD) are no literals: they would be misunderstood.
    if @character collate Latin1_General_BIN2 like N'[yYMDdHhmsSfta]'
    begin
      while @at + @run <= len(@format) and substring(@format, @at + @run, 1) collate Latin1_General_BIN2 = @character
        set @run = @run + 1;
      set @kind = case substring(@format, @at, @run) collate Latin1_General_BIN2
        when N'yyyy' then N'y' when N'MM' then N'O' when N'M' then N'o' when N'MMM' then N'N' when N'dd' then N'D' when N'd' then N'd'
        when N'HH' then N'H' when N'H' then N'h' when N'mm' then N'm' when N'ss' then N's' when N'fff' then N'f' end;
    end
    if @kind is null or @character collate Latin1_General_BIN2 like N'[0-9]' or @character = N'\' or unicode(@character) < 32 or unicode(@character) between 127 and 159
       or unicode(@character) between 55296 and 57343 or unicode(@character) > 65535
      return null;
    set @kinds = @kinds + @kind;
    set @characters = @characters + case when @kind = N'l' collate Latin1_General_BIN2 then @character else N'.' end;
    set @at = @at + @run;
  end
  -- Each part once; a time from hours to minutes at least; one or two digits before no other digit, because nobody could tell them apart.
  if @kinds collate Latin1_General_BIN2 not like N'%y%' or @kinds collate Latin1_General_BIN2 like N'%y%y%'
     or @kinds collate Latin1_General_BIN2 not like N'%[OoN]%' or @kinds collate Latin1_General_BIN2 like N'%[OoN]%[OoN]%'
     or @kinds collate Latin1_General_BIN2 not like N'%[Dd]%' or @kinds collate Latin1_General_BIN2 like N'%[Dd]%[Dd]%'
     or @kinds collate Latin1_General_BIN2 like N'%[Hh]%[Hh]%' or @kinds collate Latin1_General_BIN2 like N'%m%m%'
     or @kinds collate Latin1_General_BIN2 like N'%s%s%' or @kinds collate Latin1_General_BIN2 like N'%f_%'
     or (@kinds collate Latin1_General_BIN2 like N'%[Hh]%' and @kinds collate Latin1_General_BIN2 not like N'%m%')
     or (@kinds collate Latin1_General_BIN2 like N'%m%' and @kinds collate Latin1_General_BIN2 not like N'%[Hh]%')
     or (@kinds collate Latin1_General_BIN2 like N'%s%' and @kinds collate Latin1_General_BIN2 not like N'%m%')
     or (@kinds collate Latin1_General_BIN2 like N'%f%' and @kinds collate Latin1_General_BIN2 not like N'%s%')
     or (@type = N'date' and @kinds collate Latin1_General_BIN2 like N'%[Hh]%')
     or @kinds collate Latin1_General_BIN2 like N'%[odh][yOoDdHhmsf]%'
    return null;
  return @kinds + @characters;
end
