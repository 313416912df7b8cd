-- Stores how many days deleted rows and retired tables are kept; NULL for the default: what qt.purge is called with, and for ever.
alter procedure qt.set_retention
  @deleted_rows_days   int = null,
  @retired_tables_days int = null
with execute as owner
as
begin
  set nocount on;
  set xact_abort on;
  if @deleted_rows_days < 0 or @retired_tables_days < 0
    exec qt.fail 54032, N'qt.set_retention needs days of 0 or more.';
  begin try
    begin transaction;
    delete from qt.setting where name in (N'deleted_rows_days', N'retired_tables_days');
    insert into qt.setting (name, value)
    select s.name, cast(s.days as nvarchar(10))
    from (values (N'deleted_rows_days', @deleted_rows_days), (N'retired_tables_days', @retired_tables_days)) s (name, days) where s.days is not null;
    commit transaction;
  end try
  begin catch
    if xact_state() <> 0
      rollback transaction;
    throw;
  end catch
end
