-- Creates the landed table: only its own columns; the snapshot's follow with the publish that brings them.
-- Clustered for the feed, which reads whole rows in this order; the key index holds all that a publish compares.
alter procedure qt.create_landed_table
  @dataset_no int
as
begin
  set nocount on;
  declare @table nvarchar(60) = (select d.table_name from qt.dataset d where d.dataset_no = @dataset_no);
  declare @landed nvarchar(200) = N'data.' + quotename(@table);
  declare @sql nvarchar(max);
  set @sql = N'create table ' + @landed + N' (_row_id bigint identity(1, 1) not null, _k8 bigint not null, _key_hash binary(32) not null,'
    + N' _row_hash binary(32) not null, _version bigint not null, _deleted bit not null)';
  exec(@sql);
  set @sql = N'create unique clustered index ' + quotename(@table + N'_feed') + N' on ' + @landed + N' (_version, _row_id)';
  exec(@sql);
  set @sql = N'create unique index ' + quotename(@table + N'_key') + N' on ' + @landed + N' (_k8, _key_hash) include (_row_hash, _deleted)';
  exec(@sql);
  -- What a purge looks for.
  set @sql = N'create index ' + quotename(@table + N'_deleted') + N' on ' + @landed + N' (_version) where _deleted = 1';
  exec(@sql);
end
