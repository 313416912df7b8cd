-- The database user of a managed identity, by SID: the directory need not be read. Runs as its caller, the SQL admin.
-- The SID is the client id's bytes in the order of a uniqueidentifier. A user whose identity was replaced is made anew.
alter procedure qt.ensure_user
  @name      nvarchar(128),
  @client_id nvarchar(36),
  @role      nvarchar(20)
as
begin
  set nocount on;
  set xact_abort on;
  declare @message nvarchar(2000), @sql nvarchar(max), @old nvarchar(128);
  if @role is null or @role collate Latin1_General_BIN2 not in (N'loader', N'reader')
  begin
    set @message = N'"' + isnull(@role, N'<NULL>') + N'" is not a role for a user. Use loader or reader.';
    exec qt.fail 54030, @message;
  end
  if @name is null or lower(@name collate Latin1_General_BIN2) in (N'', N'loader', N'reader', N'auditor', N'dbo', N'guest', N'qt_owner', N'qt_staging')
  begin
    set @message = N'"' + isnull(@name, N'<NULL>') + N'" cannot be the name of a database user.';
    exec qt.fail 54030, @message;
  end
  if @client_id is null or len(@client_id) <> 36 or try_convert(uniqueidentifier, @client_id) is null
  begin
    set @message = N'"' + isnull(@client_id, N'<NULL>') + N'" is not the client id of an identity (a GUID).';
    exec qt.fail 54030, @message;
  end
  declare @sid varbinary(16) = convert(varbinary(16), convert(uniqueidentifier, @client_id));
  declare @other nvarchar(20) = case when @role = N'loader' then N'reader' else N'loader' end;
  begin try
    begin transaction;
    select top (1) @old = p.name from sys.database_principals p
    where (p.name = @name and p.sid <> @sid) or (p.name <> @name and p.sid = @sid);
    while @old is not null
    begin
      set @sql = N'drop user ' + quotename(@old);
      exec(@sql);
      set @old = null;
      select top (1) @old = p.name from sys.database_principals p
      where (p.name = @name and p.sid <> @sid) or (p.name <> @name and p.sid = @sid);
    end
    if not exists (select * from sys.database_principals p where p.name = @name)
    begin
      set @sql = N'create user ' + quotename(@name) + N' with sid = ' + convert(nvarchar(34), @sid, 1) + N', type = E';
      exec(@sql);
    end
    set @sql = N'alter role ' + quotename(@role) + N' add member ' + quotename(@name);
    exec(@sql);
    if is_rolemember(@other, @name) = 1
    begin
      set @sql = N'alter role ' + quotename(@other) + N' drop member ' + quotename(@name);
      exec(@sql);
    end
    commit transaction;
  end try
  begin catch
    if xact_state() <> 0
      rollback transaction;
    throw;
  end catch
end
