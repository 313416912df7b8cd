-- Refuses the snapshot in the caller's #column if its columns are too different from those of the last one: a lost header row or renamed
-- headers would otherwise empty the known columns, and the new ones would stay in the table for ever.
alter procedure qt.guard_columns
  @dataset_no int,
  @percent    decimal(5, 2)
as
begin
  set nocount on;
  declare @message nvarchar(2000), @missing nvarchar(max), @new nvarchar(max), @last int, @gone int, @added int, @now int;
  declare @version bigint = (select max(k.last_version) from qt.dataset_column k where k.dataset_no = @dataset_no);
  select @last = count(*), @gone = isnull(sum(case when c.name is null then 1 else 0 end), 0),
    @missing = string_agg(case when c.name is null then qt.visible_text(k.header) end, N', ') within group (order by k.ordinal)
  from qt.dataset_column k left join #column c on c.name = k.name
  -- 0 is a column from before this was recorded: of such a dataset the last snapshot's columns are not known.
  where k.dataset_no = @dataset_no and k.last_version = @version and @version > 0;
  select @now = count(*), @added = isnull(sum(case when k.name is null then 1 else 0 end), 0),
    @new = string_agg(case when k.name is null then qt.visible_text(c.header) end, N', ') within group (order by c.place)
  from #column c left join qt.dataset_column k on k.dataset_no = @dataset_no and k.name = c.name;
  if @last = 0 or (@gone * 100 <= @percent * @last and @added * 100 <= @percent * @now)
    return;
  select @message = N'Of the ' + cast(@last as nvarchar(10)) + N' columns of the last snapshot of dataset ' + d.dataset_id + N', this one lacks '
    + cast(@gone as nvarchar(10)) + isnull(N' (' + left(@missing, 300) + N')', N'') + N'; of its own ' + cast(@now as nvarchar(10)) + N', '
    + cast(@added as nvarchar(10)) + N' are new' + isnull(N' (' + left(@new, 300) + N')', N'') + N'. The guard is ' + cast(@percent as nvarchar(10))
    + N' percent. Look at the header in Quantemplate; if it is right, load it once with --allow-shrink.'
  from qt.dataset d where d.dataset_no = @dataset_no;
  exec qt.fail 54019, @message;
end
