-- What names the cells that do not convert, the keys that come twice and those that are missing.
-- Recorded by `npm run golden:tsql` (refused-values): do not edit.

-- configure
-- qt.create_landed_table
create table data.[refused] (_row_id bigint identity(1, 1) not null, _k8 bigint not null, _key_hash binary(32) not null,
  _row_hash binary(32) not null, _version bigint not null, _deleted bit not null)
GO
-- qt.create_landed_table
create unique clustered index [refused_feed] on data.[refused] (_version, _row_id)
GO
-- qt.create_landed_table
create unique index [refused_key] on data.[refused] (_k8, _key_hash) include(_row_hash, _deleted)
GO
-- qt.create_landed_table
create index [refused_deleted] on data.[refused] (_version)
where _deleted = 1
GO

-- values that do not convert: QT4015
-- qt.add_columns
alter table data.[refused] add [it_s] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[refused] add [n] int null
GO
-- qt.add_columns
alter table data.[refused] add [it_s_a_day_] date null
GO
-- qt.publish with @rows bigint output, @filled bigint output
select @rows = count_big(*),
  @filled = isnull(sum(cast((case when ltrim(rtrim(s.[n])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case
    when ltrim(rtrim(s.[it's a day %])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end) as bigint)), 0)
from staging.[load_run18] s
GO
-- qt.add_columns
alter table #typed add [it_s] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #typed add [n] int null
GO
-- qt.add_columns
alter table #typed add [it_s_a_day_] date null
GO
-- qt.publish
insert into #typed with(tablock) ([it_s], [n], [it_s_a_day_])
select s.[it's] as [it_s],
  case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2)) end as [n],
  case when (ltrim(rtrim(s.[it's a day %])) collate Latin1_General_BIN2) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
    then try_convert(date, (ltrim(rtrim(s.[it's a day %])) collate Latin1_General_BIN2), 23) end as [it_s_a_day_]
from staging.[load_run18] s
GO
-- qt.publish with @valued bigint output, @nulls bigint output
select @valued = isnull(sum(cast((case when v.[n] is null then 0 else 1 end + case when v.[it_s_a_day_] is null then 0 else 1 end)
  as bigint)), 0),
  @nulls = isnull(sum(cast(case when v.[it_s] is null or v.[n] is null then 1 else 0 end as bigint)), 0)
from #typed v
GO
-- qt.name_bad_values
insert into #bad(line, place, header, type, value)
select top(100) n.line, c.place, c.header, c.type,
  left(c.value, 400)
from (select row_number() over (order by (select null)) + 1 as line, case when 1 = 0 then 1 else 0 end as __erased, s.[n] as cell_2,
  s.[it's a day %] as cell_3
  from staging.[load_run18] s) n
cross apply (values (2, N'n', N'int', n.cell_2, case when ltrim(rtrim(n.cell_2)) collate Latin1_General_BIN2 <> N'' and (case
  when (ltrim(rtrim(n.cell_2)) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(n.cell_2))
  collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(n.cell_2)) collate Latin1_General_BIN2), 2, 2147483647)
  else (ltrim(rtrim(n.cell_2)) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(n.cell_2))
  collate Latin1_General_BIN2)) end) is null then 1 else 0 end),
    (3, N'it''s a day %', N'date', n.cell_3, case when ltrim(rtrim(n.cell_3)) collate Latin1_General_BIN2 <> N'' and (case
      when (ltrim(rtrim(n.cell_3)) collate Latin1_General_BIN2) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' then try_convert(date,
      (ltrim(rtrim(n.cell_3)) collate Latin1_General_BIN2), 23) end) is null then 1 else 0 end)) c(place, header, type, value, bad)
where c.bad = 1 and n.__erased = 0
order by n.line, c.place
GO

-- a key twice in the first publish: QT4012
-- qt.publish with @rows bigint output, @filled bigint output
select @rows = count_big(*),
  @filled = isnull(sum(cast((case when ltrim(rtrim(s.[n])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case
    when ltrim(rtrim(s.[it's a day %])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end) as bigint)), 0)
from staging.[load_run19] s
GO
-- qt.add_columns
alter table #typed add [it_s] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #typed add [n] int null
GO
-- qt.add_columns
alter table #typed add [it_s_a_day_] date null
GO
-- qt.publish
insert into #typed with(tablock) ([it_s], [n], [it_s_a_day_])
select s.[it's] as [it_s],
  case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2)) end as [n],
  case when (ltrim(rtrim(s.[it's a day %])) collate Latin1_General_BIN2) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
    then try_convert(date, (ltrim(rtrim(s.[it's a day %])) collate Latin1_General_BIN2), 23) end as [it_s_a_day_]
from staging.[load_run19] s
GO
-- qt.publish with @valued bigint output, @nulls bigint output
select @valued = isnull(sum(cast((case when v.[n] is null then 0 else 1 end + case when v.[it_s_a_day_] is null then 0 else 1 end)
  as bigint)), 0),
  @nulls = isnull(sum(cast(case when v.[it_s] is null or v.[n] is null then 1 else 0 end as bigint)), 0)
from #typed v
GO
-- qt.publish with @version bigint, @inserted bigint output
insert into data.[refused] (_k8, _key_hash, _row_hash, _version, _deleted, [it_s], [n], [it_s_a_day_])
select r._k8, r._key_hash, r._row_hash, @version, 0, r.[it_s], r.[n], r.[it_s_a_day_]
from (select cast(substring(h._key_hash, 1, 8) as bigint) as _k8, h._key_hash, h._row_hash, v.[it_s], v.[n], v.[it_s_a_day_]
  from #typed v
  cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'it_s:' + cast(datalength(v.[it_s]
    collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[it_s] collate Latin1_General_BIN2, N'') + isnull(N'it_s_a_day_:'
    + cast(datalength(convert(nvarchar(10), v.[it_s_a_day_], 23)) as nvarchar(20)) + N':' + convert(nvarchar(10), v.[it_s_a_day_], 23), N'')
    + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n])) as nvarchar(20)) + N':' + convert(nvarchar(50), v.[n]), N'')))
    as binary(32)) as _row_hash,
      cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'it_s:' + cast(datalength(v.[it_s] collate Latin1_General_BIN2)
        as nvarchar(20)) + N':' + v.[it_s] collate Latin1_General_BIN2, N'') + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n]))
        as nvarchar(20)) + N':' + convert(nvarchar(50), v.[n]), N''))) as binary(32)) as _key_hash) h) r;
set @inserted = @@rowcount;
GO
-- qt.name_duplicate_keys
insert into #twice(line, last_line, times, place, header, value)
select f.line, f.last_line, f.times, c.place, c.header, c.value
from (select top(20) min(n.line) as line,
    max(n.line) as last_line,
    count_big(*) as times,
    min(left(n.cell_1, 400)) as cell_1,
    min(left(n.cell_2, 400)) as cell_2
  from (select row_number() over (order by (select null)) + 1 as line, case when 1 = 0 then 1 else 0 end as __erased, s.[it's]
    collate Latin1_General_BIN2 as cell_1,
      convert(nvarchar(50), case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case
        when left((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n]))
        collate Latin1_General_BIN2), 2, 2147483647) else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%'
        then try_convert(int, (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2)) end) collate Latin1_General_BIN2 as cell_2
    from staging.[load_run19] s) n
  where n.__erased = 0
  group by n.cell_1 + N'.',
    n.cell_2 + N'.'
  having count_big(*) > 1
  order by min(n.line)) f
cross apply (values (1, N'it''s', f.cell_1),
    (2, N'n', f.cell_2)) c(place, header, value)
GO

-- a key without a value: QT4013
-- qt.publish with @rows bigint output, @filled bigint output
select @rows = count_big(*),
  @filled = isnull(sum(cast((case when ltrim(rtrim(s.[n])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case
    when ltrim(rtrim(s.[it's a day %])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end) as bigint)), 0)
from staging.[load_run20] s
GO
-- qt.add_columns
alter table #typed add [it_s] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #typed add [n] int null
GO
-- qt.add_columns
alter table #typed add [it_s_a_day_] date null
GO
-- qt.publish
insert into #typed with(tablock) ([it_s], [n], [it_s_a_day_])
select s.[it's] as [it_s],
  case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2)) end as [n],
  case when (ltrim(rtrim(s.[it's a day %])) collate Latin1_General_BIN2) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
    then try_convert(date, (ltrim(rtrim(s.[it's a day %])) collate Latin1_General_BIN2), 23) end as [it_s_a_day_]
from staging.[load_run20] s
GO
-- qt.publish with @valued bigint output, @nulls bigint output
select @valued = isnull(sum(cast((case when v.[n] is null then 0 else 1 end + case when v.[it_s_a_day_] is null then 0 else 1 end)
  as bigint)), 0),
  @nulls = isnull(sum(cast(case when v.[it_s] is null or v.[n] is null then 1 else 0 end as bigint)), 0)
from #typed v
GO
-- qt.name_missing_keys with @lines nvarchar(max) output
select @lines = string_agg(cast(f.line as nvarchar(20)), N', ') within
group (order by f.line)
from (select top(5) n.line
  from (select row_number() over (order by (select null)) + 1 as line,
      case when (s.[it's]) is null or (case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case
        when left((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n]))
        collate Latin1_General_BIN2), 2, 2147483647) else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%'
        then try_convert(int, (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2)) end) is null then 1 else 0 end as missing
    from staging.[load_run20] s) n
  where n.missing = 1
  order by n.line) f
GO

-- first publish
-- qt.publish with @rows bigint output, @filled bigint output
select @rows = count_big(*),
  @filled = isnull(sum(cast((case when ltrim(rtrim(s.[n])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case
    when ltrim(rtrim(s.[it's a day %])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end) as bigint)), 0)
from staging.[load_run21] s
GO
-- qt.add_columns
alter table #typed add [it_s] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #typed add [n] int null
GO
-- qt.add_columns
alter table #typed add [it_s_a_day_] date null
GO
-- qt.publish
insert into #typed with(tablock) ([it_s], [n], [it_s_a_day_])
select s.[it's] as [it_s],
  case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2)) end as [n],
  case when (ltrim(rtrim(s.[it's a day %])) collate Latin1_General_BIN2) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
    then try_convert(date, (ltrim(rtrim(s.[it's a day %])) collate Latin1_General_BIN2), 23) end as [it_s_a_day_]
from staging.[load_run21] s
GO
-- qt.publish with @valued bigint output, @nulls bigint output
select @valued = isnull(sum(cast((case when v.[n] is null then 0 else 1 end + case when v.[it_s_a_day_] is null then 0 else 1 end)
  as bigint)), 0),
  @nulls = isnull(sum(cast(case when v.[it_s] is null or v.[n] is null then 1 else 0 end as bigint)), 0)
from #typed v
GO
-- qt.publish with @version bigint, @inserted bigint output
insert into data.[refused] (_k8, _key_hash, _row_hash, _version, _deleted, [it_s], [n], [it_s_a_day_])
select r._k8, r._key_hash, r._row_hash, @version, 0, r.[it_s], r.[n], r.[it_s_a_day_]
from (select cast(substring(h._key_hash, 1, 8) as bigint) as _k8, h._key_hash, h._row_hash, v.[it_s], v.[n], v.[it_s_a_day_]
  from #typed v
  cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'it_s:' + cast(datalength(v.[it_s]
    collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[it_s] collate Latin1_General_BIN2, N'') + isnull(N'it_s_a_day_:'
    + cast(datalength(convert(nvarchar(10), v.[it_s_a_day_], 23)) as nvarchar(20)) + N':' + convert(nvarchar(10), v.[it_s_a_day_], 23), N'')
    + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n])) as nvarchar(20)) + N':' + convert(nvarchar(50), v.[n]), N'')))
    as binary(32)) as _row_hash,
      cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'it_s:' + cast(datalength(v.[it_s] collate Latin1_General_BIN2)
        as nvarchar(20)) + N':' + v.[it_s] collate Latin1_General_BIN2, N'') + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n]))
        as nvarchar(20)) + N':' + convert(nvarchar(50), v.[n]), N''))) as binary(32)) as _key_hash) h) r;
set @inserted = @@rowcount;
GO
-- qt.drop_staging
drop table
if exists staging.[load_run21]
GO

-- a key twice in a later publish: QT4012
-- qt.publish with @rows bigint output, @filled bigint output
select @rows = count_big(*),
  @filled = isnull(sum(cast((case when ltrim(rtrim(s.[n])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case
    when ltrim(rtrim(s.[it's a day %])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end) as bigint)), 0)
from staging.[load_run22] s
GO
-- qt.add_columns
alter table #typed add [it_s] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #typed add [n] int null
GO
-- qt.add_columns
alter table #typed add [it_s_a_day_] date null
GO
-- qt.publish
insert into #typed with(tablock) ([it_s], [n], [it_s_a_day_])
select s.[it's] as [it_s],
  case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2)) end as [n],
  case when (ltrim(rtrim(s.[it's a day %])) collate Latin1_General_BIN2) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
    then try_convert(date, (ltrim(rtrim(s.[it's a day %])) collate Latin1_General_BIN2), 23) end as [it_s_a_day_]
from staging.[load_run22] s
GO
-- qt.publish with @valued bigint output, @nulls bigint output
select @valued = isnull(sum(cast((case when v.[n] is null then 0 else 1 end + case when v.[it_s_a_day_] is null then 0 else 1 end)
  as bigint)), 0),
  @nulls = isnull(sum(cast(case when v.[it_s] is null or v.[n] is null then 1 else 0 end as bigint)), 0)
from #typed v
GO
-- qt.add_columns
alter table #delta add [it_s] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [n] int null
GO
-- qt.add_columns
alter table #delta add [it_s_a_day_] date null
GO
-- qt.publish
insert into #delta(__change, _k8, _key_hash, _row_hash, [it_s], [n], [it_s_a_day_])
select case when r._k8 is null then N'D' when l._k8 is null then N'I' when l._deleted = 1 then N'R' else N'U' end,
  isnull(r._k8, l._k8),
  isnull(r._key_hash, l._key_hash), r._row_hash, r.[it_s], r.[n], r.[it_s_a_day_]
from (select cast(substring(h._key_hash, 1, 8) as bigint) as _k8, h._key_hash, h._row_hash, v.[it_s], v.[n], v.[it_s_a_day_]
  from #typed v
  cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'it_s:' + cast(datalength(v.[it_s]
    collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[it_s] collate Latin1_General_BIN2, N'') + isnull(N'it_s_a_day_:'
    + cast(datalength(convert(nvarchar(10), v.[it_s_a_day_], 23)) as nvarchar(20)) + N':' + convert(nvarchar(10), v.[it_s_a_day_], 23), N'')
    + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n])) as nvarchar(20)) + N':' + convert(nvarchar(50), v.[n]), N'')))
    as binary(32)) as _row_hash,
      cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'it_s:' + cast(datalength(v.[it_s] collate Latin1_General_BIN2)
        as nvarchar(20)) + N':' + v.[it_s] collate Latin1_General_BIN2, N'') + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n]))
        as nvarchar(20)) + N':' + convert(nvarchar(50), v.[n]), N''))) as binary(32)) as _key_hash) h) r
full join data.[refused] l on l._k8 = r._k8 and l._key_hash = r._key_hash
where (r._k8 is null and l._deleted = 0) or (r._k8 is not null and (l._k8 is null or l._deleted = 1 or l._row_hash <> r._row_hash))
GO
-- qt.name_duplicate_keys
insert into #twice(line, last_line, times, place, header, value)
select f.line, f.last_line, f.times, c.place, c.header, c.value
from (select top(20) min(n.line) as line,
    max(n.line) as last_line,
    count_big(*) as times,
    min(left(n.cell_1, 400)) as cell_1,
    min(left(n.cell_2, 400)) as cell_2
  from (select row_number() over (order by (select null)) + 1 as line, case when 1 = 0 then 1 else 0 end as __erased, s.[it's]
    collate Latin1_General_BIN2 as cell_1,
      convert(nvarchar(50), case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case
        when left((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n]))
        collate Latin1_General_BIN2), 2, 2147483647) else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%'
        then try_convert(int, (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2)) end) collate Latin1_General_BIN2 as cell_2
    from staging.[load_run22] s) n
  where n.__erased = 0
  group by n.cell_1 + N'.',
    n.cell_2 + N'.'
  having count_big(*) > 1
  order by min(n.line)) f
cross apply (values (1, N'it''s', f.cell_1),
    (2, N'n', f.cell_2)) c(place, header, value)
GO
