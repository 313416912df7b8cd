-- Creates the landed table: only its own columns; the snapshot's follow with the publish that brings them. Or creates a table that is to take
-- its place (@copy): with the columns that have landed, of the types of the caller's #change, and numbering rows on from where it is.
-- Clustered for the feed, which reads whole rows in this order; the key index holds all that a publish compares.
alter procedure qt.create_landed_table
  @dataset_no int,
  @copy       nvarchar(60) = null
as
begin
  set nocount on;
  declare @table nvarchar(60) = (select d.table_name from qt.dataset d where d.dataset_no = @dataset_no);
  declare @name nvarchar(60) = case when @copy is null then @table else @copy end;
  declare @landed nvarchar(200) = N'data.' + quotename(@name);
  declare @sql nvarchar(max), @first nvarchar(20) = N'1', @columns nvarchar(max) = N'';
  if @copy is not null
  begin
    set @first = cast(cast(ident_current(N'data.' + @table) as bigint) + 1 as nvarchar(20));
    select @columns = string_agg(cast(N', ' + quotename(c.name) collate Latin1_General_BIN2 + N' ' + qt.physical_type(isnull(w.type, c.type))
      + N' null' as nvarchar(max)), N'') within group (order by c.ordinal)
    from qt.dataset_column c left join #change w on w.name = c.name where c.dataset_no = @dataset_no;
  end
  set @sql = N'create table ' + @landed + N' (_row_id bigint identity(' + @first + N', 1) not null, _k8 bigint not null, _key_hash binary(32) not null,'
    + N' _row_hash binary(32) not null, _version bigint not null, _deleted bit not null' + @columns + N')';
  exec(@sql);
  set @sql = N'create unique clustered index ' + quotename(@table + N'_feed') + N' on ' + @landed + N' (_version, _row_id)';
  exec(@sql);
  set @sql = N'create unique index ' + quotename(@table + N'_key') + N' on ' + @landed + N' (_k8, _key_hash) include (_row_hash, _deleted)';
  exec(@sql);
  -- What a purge looks for.
  set @sql = N'create index ' + quotename(@table + N'_deleted') + N' on ' + @landed + N' (_version) where _deleted = 1';
  exec(@sql);
end
