-- One migrator at a time; held until the transaction ends.
declare @granted int;
exec @granted = sp_getapplock @Resource = N'qt:migrate', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 120000;
if @granted < 0
  throw 54045, N'QT4045: Another migration of this database is running. Nothing was changed; run this one again.', 1;
