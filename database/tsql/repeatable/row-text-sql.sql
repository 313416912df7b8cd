-- SQL for the texts that the hashes of a row and of its key cover, from the caller's #pair (name, type, expression, is_key): (name,
-- length, text) of the cells that are not NULL, in the order of the names; the length keeps values apart. In brackets by forty: one chain
-- over all columns of a wide row would nest deeper than the server's stack allows (error 8631). Without the cast a bracket of short texts
-- would be cut at 4,000 characters.
-- The text is the feed's (qt.text_sql), so that a changed type that leaves it alone leaves the hash alone too. But the short text of a
-- float takes a function call a cell: where the hash is not the key, a float is hashed with all its 17 digits instead.
alter procedure qt.row_text_sql
  @keyless  bit,
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
      select t.name, t.is_key, (row_number() over (order by t.name) - 1) / 40 as no,
        N'isnull(N''' + t.name collate Latin1_General_BIN2 + N':'' + cast(datalength(' + t.text + N') as nvarchar(20)) + N'':'' + ' + t.text + N', N'''')' as pair
      from (
        select c.name, c.is_key, case
          when c.type = N'text' then c.expression + N' collate Latin1_General_BIN2'
          when c.type = N'float' and @keyless = 0 then N'convert(nvarchar(40), ' + c.expression + N', 3)'
          else qt.text_sql(c.type, c.expression) end as text
        from #pair c) t) p
    group by p.no) g;
end
