-- The journal of the files that ran. Runs under migrator/lock.sql.
if schema_id(N'qt') is null
  exec(N'create schema qt authorization dbo');

if object_id(N'qt.migration', N'U') is null
  create table qt.migration (
    name       nvarchar(200) collate Latin1_General_BIN2 not null constraint migration_key primary key,
    checksum   nvarchar(64) collate Latin1_General_BIN2 not null,
    applied_at datetime2(3) not null constraint migration_applied_default default sysutcdatetime()
  );

if object_id(N'qt.record_migration', N'P') is null
  exec(N'create procedure qt.record_migration @name nvarchar(200), @checksum nvarchar(64)
as
begin
  set nocount on;
  update qt.migration set checksum = @checksum, applied_at = sysutcdatetime() where name = @name;
  if @@rowcount = 0
    insert into qt.migration (name, checksum) values (@name, @checksum);
end');
