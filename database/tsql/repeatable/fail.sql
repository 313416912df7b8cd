-- Raises 54001 with the text 'QT4001: …', and so on for every code of the catalogue.
alter procedure qt.fail
  @number  int,
  @message nvarchar(2000)
as
begin
  set nocount on;
  declare @text nvarchar(2000) = left(N'QT' + cast(@number - 50000 as nvarchar(4)) + N': ' + @message, 1900);
  declare @raised nvarchar(2048) = @text;
  -- SQL Server wants % doubled in the text of a THROW, Babelfish takes it as it is. The text of an error ends at 2,048 characters.
  if serverproperty(N'BabelfishVersion') is null
    set @raised = replace(case when len(replace(@text, N'%', N'%%')) < 2048 then @text else left(@text, 1000) end, N'%', N'%%');
  throw @number, @raised, 1;
end
