-- Puts the copy of a dataset whose type is being changed into the place of the landed table. Gives up with error 1222 if readers hold that
-- for longer than others should have to wait behind this. Reads the caller's #change (place, header, name, old, type, on_error).
alter procedure qt.switch_table
  @dataset_no int
as
begin
  set nocount on;
  declare @sql nvarchar(max), @table nvarchar(60), @landed nvarchar(200), @copy nvarchar(200), @version bigint, @changed bit = 0;
  declare @state nvarchar(1), @permission nvarchar(128), @column nvarchar(128), @grantee nvarchar(128);
  select @table = d.table_name, @landed = N'data.' + quotename(d.table_name), @version = c.version,
    @copy = N'data.' + quotename(N'change__' + cast(c.change_no as nvarchar(20)))
  from qt.type_change c join qt.dataset d on d.dataset_no = c.dataset_no where c.dataset_no = @dataset_no;
  -- What others were given on the table, they have on the one that takes its place. Babelfish does not list it.
  if serverproperty(N'BabelfishVersion') is null
  begin
    declare granted_cursor cursor local static for
      select p.state, p.permission_name, c.name, user_name(p.grantee_principal_id)
      from sys.database_permissions p left join sys.columns c on c.object_id = p.major_id and c.column_id = p.minor_id
      where p.class = 1 and p.major_id = object_id(@landed);
    open granted_cursor;
    fetch next from granted_cursor into @state, @permission, @column, @grantee;
    while @@fetch_status = 0
    begin
      set @sql = case @state when N'D' then N'deny ' else N'grant ' end + @permission + N' on object::' + @copy
        + isnull(N' (' + quotename(@column) + N')', N'') + N' to ' + quotename(@grantee) + case @state when N'W' then N' with grant option' else N'' end;
      exec(@sql);
      fetch next from granted_cursor into @state, @permission, @column, @grantee;
    end
    close granted_cursor;
    deallocate granted_cursor;
  end
  set lock_timeout 5000;
  set @sql = N'drop table ' + @landed;
  exec(@sql);
  exec sp_rename @copy, @table, N'OBJECT';
  set lock_timeout -1;
  update c set type = w.type, on_error = w.on_error,
    format = (select t.format from qt.dataset_type t where t.dataset_no = c.dataset_no and t.name = c.name)
  from qt.dataset_column c join #change w on w.name = c.name where c.dataset_no = @dataset_no;
  set @sql = N'select top (1) @changed = 1 from ' + @landed + N' where _version = @version';
  exec sp_executesql @sql, N'@version bigint, @changed bit output', @version = @version, @changed = @changed output;
  if @changed = 1
    update qt.dataset set published_version = @version where dataset_no = @dataset_no;
  delete from qt.type_change where dataset_no = @dataset_no;
end
