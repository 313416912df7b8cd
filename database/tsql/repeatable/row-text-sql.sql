-- SQL for the texts that the hashes of a row and of its key cover, from the caller's #pair (name, text, is_key): (name, length, text) of
-- the cells that are not NULL, in the order of the names; the length keeps values apart. In brackets by forty: one chain over all
-- columns of a wide row would nest deeper than the server's stack allows (error 8631). Without the cast a bracket of short texts would
-- be cut at 4,000 characters.
alter procedure qt.row_text_sql
  @row_text nvarchar(max) output,
  @key_text nvarchar(max) output
as
begin
  set nocount on;
  declare @open nvarchar(40) = N'(cast(N'''' as nvarchar(max)) + ';
  select
    @row_text = string_agg(g.row_text, N' + ') within group (order by g.no),
    @key_text = string_agg(g.key_text, N' + ') within group (order by g.no)
  from (
    select p.no, @open + string_agg(cast(p.pair as nvarchar(max)), N' + ') within group (order by p.name) + N')' as row_text,
      @open + string_agg(case when p.is_key = 1 then cast(p.pair as nvarchar(max)) end, N' + ') within group (order by p.name) + N')' as key_text
    from (
      select c.name, c.is_key, (row_number() over (order by c.name) - 1) / 40 as no,
        N'isnull(N''' + c.name collate Latin1_General_BIN2 + N':'' + cast(datalength(' + c.text + N') as nvarchar(20)) + N'':'' + ' + c.text + N', N'''')' as pair
      from #pair c) p
    group by p.no) g;
end
