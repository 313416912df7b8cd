-- Raises 54001 with the text 'QT4001: …', and so on for every code of the catalogue.
alter procedure qt.fail
  @number  int,
  @message nvarchar(2000)
as
begin
  set nocount on;
  declare @text nvarchar(2048) = left(N'QT' + cast(@number - 50000 as nvarchar(4)) + N': ' + @message, 1900);
  -- SQL Server wants % doubled in the text of a THROW, Babelfish takes it as it is.
  if serverproperty(N'BabelfishVersion') is null
    set @text = replace(@text, N'%', N'%%');
  throw @number, @text, 1;
end
