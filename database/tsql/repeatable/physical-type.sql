-- A declared type as this database's type; NULL for anything else.
alter function qt.physical_type (@type nvarchar(20))
returns nvarchar(20)
with schemabinding
as
begin
  if @type = N'text' return N'nvarchar(max)';
  if @type in (N'int', N'bigint', N'date', N'float', N'bit') return @type;
  if @type = N'datetime2' return N'datetime2(3)';
  if @type like N'decimal([0-9],[0-9])' or @type like N'decimal([0-9][0-9],[0-9])' or @type like N'decimal([0-9][0-9],[0-9][0-9])'
  begin
    declare @comma int = charindex(N',', @type);
    declare @digits int = try_convert(int, substring(@type, 9, @comma - 9));
    declare @scale int = try_convert(int, substring(@type, @comma + 1, len(@type) - @comma - 1));
    if @digits between 1 and 38 and @scale <= @digits and substring(@type, 9, 1) <> N'0' and @type not like N'%,0[0-9])'
      return @type;
  end
  return null;
end
