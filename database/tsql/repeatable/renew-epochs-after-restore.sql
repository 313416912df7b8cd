-- A restored database renews every epoch before anybody reads on: a cursor of the time after the restore point must not be taken
-- for one of ours. A restore makes a new database, so its name or its creation date differs. What differed is kept in qt.setting
-- (epochs_renewed): whether the creation date outlives scaling and failover is not documented.
alter procedure qt.renew_epochs_after_restore
as
begin
  set nocount on;
  set xact_abort on;
  declare @identity nvarchar(400) = db_name() + N'/' + isnull((select convert(nvarchar(30), d.create_date, 121) from sys.databases d where d.name = db_name()), N'');
  declare @known nvarchar(400) = (select s.value from qt.setting s where s.name = N'database_identity');
  if @known = @identity
    return;
  begin try
    begin transaction;
    if @known is null
      insert into qt.setting (name, value)
      select N'database_identity', @identity
      where not exists (select * from qt.setting s with (updlock, holdlock) where s.name = N'database_identity');
    else
    begin
      update qt.setting set value = @identity where name = N'database_identity' and value = @known;
      if @@rowcount = 1
      begin
        update qt.dataset set epoch = lower(convert(nvarchar(36), newid()));
        delete from qt.setting where name = N'epochs_renewed';
        insert into qt.setting (name, value)
        values (N'epochs_renewed', left(convert(nvarchar(30), sysutcdatetime(), 121) + N': ' + @known + N' became ' + @identity, 400));
      end
    end
    commit transaction;
  end try
  begin catch
    if xact_state() <> 0
      rollback transaction;
    throw;
  end catch
end
