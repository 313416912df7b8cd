-- One lock per dataset, to the end of the transaction: publish, purge and configuration changes of it wait for each other.
alter procedure qt.lock_dataset
  @dataset_no int
as
begin
  set nocount on;
  declare @name nvarchar(255) = N'qt:dataset:' + cast(@dataset_no as nvarchar(20));
  declare @granted int;
  exec @granted = sp_getapplock @Resource = @name, @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 600000;
  if @granted < 0
    exec qt.fail 54031, N'Another load of the same dataset is still publishing. Nothing was changed; run this one again.';
end
