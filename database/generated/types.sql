-- Every type, one of them in the key: loaded, changed, read.
-- Recorded by `npm run golden:tsql` (types): do not edit.

-- configure
-- qt.create_landed_table
create table data.[types] (_row_id bigint identity(1, 1) not null, _k8 bigint not null, _key_hash binary(32) not null,
  _row_hash binary(32) not null, _version bigint not null, _deleted bit not null)
GO
-- qt.create_landed_table
create unique clustered index [types_feed] on data.[types] (_version, _row_id)
GO
-- qt.create_landed_table
create unique index [types_key] on data.[types] (_k8, _key_hash) include(_row_hash, _deleted)
GO
-- qt.create_landed_table
create index [types_deleted] on data.[types] (_version)
where _deleted = 1
GO

-- first publish
-- qt.add_columns
alter table data.[types] add [an_int] int null
GO
-- qt.add_columns
alter table data.[types] add [a_bigint] bigint null
GO
-- qt.add_columns
alter table data.[types] add [a_decimal] decimal(10, 2) null
GO
-- qt.add_columns
alter table data.[types] add [a_float] float null
GO
-- qt.add_columns
alter table data.[types] add [a_bit] bit null
GO
-- qt.add_columns
alter table data.[types] add [a_date] date null
GO
-- qt.add_columns
alter table data.[types] add [a_datetime2] datetime2(3) null
GO
-- qt.add_columns
alter table data.[types] add [a_text] nvarchar(max) null
GO
-- qt.publish with @rows bigint output, @filled bigint output
select @rows = count_big(*),
  @filled = isnull(sum(cast((case when ltrim(rtrim(s.[an_int])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case
    when ltrim(rtrim(s.[a_decimal])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case when ltrim(rtrim(s.[a_float]))
    collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case when ltrim(rtrim(s.[a_date])) collate Latin1_General_BIN2 <> N'' then 1
    else 0 end + case when ltrim(rtrim(s.[a_datetime2])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end) as bigint)), 0)
from staging.[load_run8] s
GO
-- qt.add_columns
alter table #typed add [an_int] int null
GO
-- qt.add_columns
alter table #typed add [a_bigint] bigint null
GO
-- qt.add_columns
alter table #typed add [a_decimal] decimal(10, 2) null
GO
-- qt.add_columns
alter table #typed add [a_float] float null
GO
-- qt.add_columns
alter table #typed add [a_bit] bit null
GO
-- qt.add_columns
alter table #typed add [a_date] date null
GO
-- qt.add_columns
alter table #typed add [a_datetime2] datetime2(3) null
GO
-- qt.add_columns
alter table #typed add [a_text] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.publish
insert into #typed with(tablock) ([an_int], [a_bigint], [a_decimal], [a_float], [a_bit], [a_date], [a_datetime2], [a_text])
select case when (ltrim(rtrim(s.[an_int])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[an_int]))
  collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[an_int])) collate Latin1_General_BIN2), 2, 2147483647)
  else (ltrim(rtrim(s.[an_int])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[an_int]))
  collate Latin1_General_BIN2)) end as [an_int],
  case when (ltrim(rtrim(s.[a_bigint])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[a_bigint]))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[a_bigint])) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(s.[a_bigint])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(bigint,
    (ltrim(rtrim(s.[a_bigint])) collate Latin1_General_BIN2)) end as [a_bigint],
  case when (ltrim(rtrim(s.[a_decimal])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[a_decimal]))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[a_decimal])) collate Latin1_General_BIN2), 2,
    2147483647) else (ltrim(rtrim(s.[a_decimal])) collate Latin1_General_BIN2) end) not like N'%[^0-9.]%' and (ltrim(rtrim(s.[a_decimal]))
    collate Latin1_General_BIN2) not like N'%.%.%' and substring((ltrim(rtrim(s.[a_decimal])) collate Latin1_General_BIN2), charindex(N'.',
    (ltrim(rtrim(s.[a_decimal])) collate Latin1_General_BIN2) + N'.') + 1 + 2, 2147483647) not like N'%[^0]%' then try_convert(decimal(10,
    2), left((ltrim(rtrim(s.[a_decimal])) collate Latin1_General_BIN2), charindex(N'.', (ltrim(rtrim(s.[a_decimal]))
    collate Latin1_General_BIN2) + N'.') + 2)) end as [a_decimal],
  case when left((ltrim(rtrim(s.[a_float])) collate Latin1_General_BIN2), patindex(N'%[eE]%', (ltrim(rtrim(s.[a_float]))
    collate Latin1_General_BIN2) + N'e')) like N'%[0-9]%' and (ltrim(rtrim(s.[a_float])) collate Latin1_General_BIN2) like N'%[0-9.]'
    and (ltrim(rtrim(s.[a_float])) collate Latin1_General_BIN2) not like N'[-+][^0-9.]%' and replace(replace((ltrim(rtrim(s.[a_float]))
    collate Latin1_General_BIN2), N'+', N''), N'-', N'') not like N'%[^0-9.eE]%' and (ltrim(rtrim(s.[a_float]))
    collate Latin1_General_BIN2) not like N'%[eE]%[0-9][0-9][0-9][0-9]%' and (abs(try_convert(float, (ltrim(rtrim(s.[a_float]))
    collate Latin1_General_BIN2))) >= 2.2250738585072014e-308 or left((ltrim(rtrim(s.[a_float])) collate Latin1_General_BIN2),
    patindex(N'%[eE]%', (ltrim(rtrim(s.[a_float])) collate Latin1_General_BIN2) + N'e')) not like N'%[1-9]%') then try_convert(float,
    (ltrim(rtrim(s.[a_float])) collate Latin1_General_BIN2)) + 0e0 end as [a_float],
  case when lower((ltrim(rtrim(s.[a_bit])) collate Latin1_General_BIN2)) in (N'true', N'1', N'yes', N'y') then cast(1 as bit)
    when lower((ltrim(rtrim(s.[a_bit])) collate Latin1_General_BIN2)) in (N'false', N'0', N'no', N'n') then cast(0 as bit) end as [a_bit],
  case when (ltrim(rtrim(s.[a_date])) collate Latin1_General_BIN2) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' then try_convert(date,
    (ltrim(rtrim(s.[a_date])) collate Latin1_General_BIN2), 23) end as [a_date],
  case when (ltrim(rtrim(s.[a_datetime2])) collate Latin1_General_BIN2) not like N'%Z_%' and (ltrim(rtrim(s.[a_datetime2]))
    collate Latin1_General_BIN2) not like N'__________Z' and (ltrim(rtrim(s.[a_datetime2])) collate Latin1_General_BIN2) not
    like N'___________2[4-9]%' and substring(N'00000000010000010010111111111', len(replace((ltrim(rtrim(s.[a_datetime2]))
    collate Latin1_General_BIN2), N'Z', N'')), 1) = N'1' and replace((ltrim(rtrim(s.[a_datetime2])) collate Latin1_General_BIN2), N'Z', N'')
    + substring(N'0000-00-00T00:00:00.000000000', len(replace((ltrim(rtrim(s.[a_datetime2])) collate Latin1_General_BIN2), N'Z', N'')) + 1,
    29) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][ T][0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000'
    then try_convert(datetime2(3), left(replace(replace((ltrim(rtrim(s.[a_datetime2])) collate Latin1_General_BIN2), N'Z', N''), N'T',
    N' '), 23), 121) end as [a_datetime2], s.[a_text] as [a_text]
from staging.[load_run8] s
GO
-- qt.publish with @valued bigint output, @nulls bigint output
select @valued = isnull(sum(cast((case when v.[an_int] is null then 0 else 1 end + case when v.[a_decimal] is null then 0 else 1 end + case
  when v.[a_float] is null then 0 else 1 end + case when v.[a_date] is null then 0 else 1 end + case when v.[a_datetime2] is null then 0
  else 1 end) as bigint)), 0),
  @nulls = isnull(sum(cast(case when v.[an_int] is null or v.[a_text] is null then 1 else 0 end as bigint)), 0)
from #typed v
GO
-- qt.count_emptied with @some nvarchar(max) output
select @some = string_agg(cast(N'"' + x.name collate Latin1_General_BIN2 + N'":' + cast(x.cells as nvarchar(20)) as nvarchar(max)),
  N',') within
group (order by x.place)
from (select sum(cast(case when ltrim(rtrim(s.[a_bigint])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end as bigint)) as cell_2,
    sum(cast(case when ltrim(rtrim(s.[a_bit])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end as bigint)) as cell_5
  from staging.[load_run8] s) f
cross join (select count_big(v.[a_bigint]) as cell_2,
    count_big(v.[a_bit]) as cell_5
  from #typed v) n
cross apply (values (2, N'a_bigint', f.cell_2 - n.cell_2),
    (5, N'a_bit', f.cell_5 - n.cell_5)) x(place, name, cells)
where x.cells > 0
GO
-- qt.publish with @version bigint, @inserted bigint output
insert into data.[types] (_k8, _key_hash, _row_hash, _version, _deleted, [an_int], [a_bigint], [a_decimal], [a_float], [a_bit], [a_date],
  [a_datetime2], [a_text])
select r._k8, r._key_hash, r._row_hash, @version, 0, r.[an_int], r.[a_bigint], r.[a_decimal], r.[a_float], r.[a_bit], r.[a_date],
  r.[a_datetime2], r.[a_text]
from (select cast(substring(h._key_hash, 1, 8) as bigint) as _k8, h._key_hash, h._row_hash, v.[an_int], v.[a_bigint], v.[a_decimal],
  v.[a_float], v.[a_bit], v.[a_date], v.[a_datetime2], v.[a_text]
  from #typed v
  cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'a_bigint:' + cast(datalength(convert(nvarchar(50),
    v.[a_bigint])) as nvarchar(20)) + N':' + convert(nvarchar(50), v.[a_bigint]), N'') + isnull(N'a_bit:' + cast(datalength(case(v.[a_bit])
    when 1 then N'true' when 0 then N'false' end) as nvarchar(20)) + N':' + case(v.[a_bit]) when 1 then N'true' when 0 then N'false' end,
    N'') + isnull(N'a_date:' + cast(datalength(convert(nvarchar(10), v.[a_date], 23)) as nvarchar(20)) + N':' + convert(nvarchar(10),
    v.[a_date], 23), N'') + isnull(N'a_datetime2:' + cast(datalength(left(replace(convert(nvarchar(30), v.[a_datetime2], 121), N' ', N'T')
    + case when charindex(N'.', replace(convert(nvarchar(30), v.[a_datetime2], 121), N' ', N'T')) = 0 then N'.' else N'' end + N'000', 23))
    as nvarchar(20)) + N':' + left(replace(convert(nvarchar(30), v.[a_datetime2], 121), N' ', N'T') + case when charindex(N'.',
    replace(convert(nvarchar(30), v.[a_datetime2], 121), N' ', N'T')) = 0 then N'.' else N'' end + N'000', 23), N'') + isnull(N'a_decimal:'
    + cast(datalength(convert(nvarchar(50), v.[a_decimal])) as nvarchar(20)) + N':' + convert(nvarchar(50), v.[a_decimal]), N'')
    + isnull(N'a_float:' + cast(datalength(convert(nvarchar(40), v.[a_float], 3)) as nvarchar(20)) + N':' + convert(nvarchar(40),
    v.[a_float], 3), N'') + isnull(N'a_text:' + cast(datalength(v.[a_text] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[a_text]
    collate Latin1_General_BIN2, N'') + isnull(N'an_int:' + cast(datalength(convert(nvarchar(50), v.[an_int])) as nvarchar(20)) + N':'
    + convert(nvarchar(50), v.[an_int]), N''))) as binary(32)) as _row_hash,
      cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'a_text:' + cast(datalength(v.[a_text] collate Latin1_General_BIN2)
        as nvarchar(20)) + N':' + v.[a_text] collate Latin1_General_BIN2, N'') + isnull(N'an_int:' + cast(datalength(convert(nvarchar(50),
        v.[an_int])) as nvarchar(20)) + N':' + convert(nvarchar(50), v.[an_int]), N''))) as binary(32)) as _key_hash) h) r;
set @inserted = @@rowcount;
GO
-- qt.drop_staging
drop table
if exists staging.[load_run8]
GO

-- publish of a change
-- qt.publish with @rows bigint output, @filled bigint output
select @rows = count_big(*),
  @filled = isnull(sum(cast((case when ltrim(rtrim(s.[an_int])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case
    when ltrim(rtrim(s.[a_decimal])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case when ltrim(rtrim(s.[a_float]))
    collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case when ltrim(rtrim(s.[a_date])) collate Latin1_General_BIN2 <> N'' then 1
    else 0 end + case when ltrim(rtrim(s.[a_datetime2])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end) as bigint)), 0)
from staging.[load_run9] s
GO
-- qt.add_columns
alter table #typed add [an_int] int null
GO
-- qt.add_columns
alter table #typed add [a_bigint] bigint null
GO
-- qt.add_columns
alter table #typed add [a_decimal] decimal(10, 2) null
GO
-- qt.add_columns
alter table #typed add [a_float] float null
GO
-- qt.add_columns
alter table #typed add [a_bit] bit null
GO
-- qt.add_columns
alter table #typed add [a_date] date null
GO
-- qt.add_columns
alter table #typed add [a_datetime2] datetime2(3) null
GO
-- qt.add_columns
alter table #typed add [a_text] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.publish
insert into #typed with(tablock) ([an_int], [a_bigint], [a_decimal], [a_float], [a_bit], [a_date], [a_datetime2], [a_text])
select case when (ltrim(rtrim(s.[an_int])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[an_int]))
  collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[an_int])) collate Latin1_General_BIN2), 2, 2147483647)
  else (ltrim(rtrim(s.[an_int])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[an_int]))
  collate Latin1_General_BIN2)) end as [an_int],
  case when (ltrim(rtrim(s.[a_bigint])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[a_bigint]))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[a_bigint])) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(s.[a_bigint])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(bigint,
    (ltrim(rtrim(s.[a_bigint])) collate Latin1_General_BIN2)) end as [a_bigint],
  case when (ltrim(rtrim(s.[a_decimal])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[a_decimal]))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[a_decimal])) collate Latin1_General_BIN2), 2,
    2147483647) else (ltrim(rtrim(s.[a_decimal])) collate Latin1_General_BIN2) end) not like N'%[^0-9.]%' and (ltrim(rtrim(s.[a_decimal]))
    collate Latin1_General_BIN2) not like N'%.%.%' and substring((ltrim(rtrim(s.[a_decimal])) collate Latin1_General_BIN2), charindex(N'.',
    (ltrim(rtrim(s.[a_decimal])) collate Latin1_General_BIN2) + N'.') + 1 + 2, 2147483647) not like N'%[^0]%' then try_convert(decimal(10,
    2), left((ltrim(rtrim(s.[a_decimal])) collate Latin1_General_BIN2), charindex(N'.', (ltrim(rtrim(s.[a_decimal]))
    collate Latin1_General_BIN2) + N'.') + 2)) end as [a_decimal],
  case when left((ltrim(rtrim(s.[a_float])) collate Latin1_General_BIN2), patindex(N'%[eE]%', (ltrim(rtrim(s.[a_float]))
    collate Latin1_General_BIN2) + N'e')) like N'%[0-9]%' and (ltrim(rtrim(s.[a_float])) collate Latin1_General_BIN2) like N'%[0-9.]'
    and (ltrim(rtrim(s.[a_float])) collate Latin1_General_BIN2) not like N'[-+][^0-9.]%' and replace(replace((ltrim(rtrim(s.[a_float]))
    collate Latin1_General_BIN2), N'+', N''), N'-', N'') not like N'%[^0-9.eE]%' and (ltrim(rtrim(s.[a_float]))
    collate Latin1_General_BIN2) not like N'%[eE]%[0-9][0-9][0-9][0-9]%' and (abs(try_convert(float, (ltrim(rtrim(s.[a_float]))
    collate Latin1_General_BIN2))) >= 2.2250738585072014e-308 or left((ltrim(rtrim(s.[a_float])) collate Latin1_General_BIN2),
    patindex(N'%[eE]%', (ltrim(rtrim(s.[a_float])) collate Latin1_General_BIN2) + N'e')) not like N'%[1-9]%') then try_convert(float,
    (ltrim(rtrim(s.[a_float])) collate Latin1_General_BIN2)) + 0e0 end as [a_float],
  case when lower((ltrim(rtrim(s.[a_bit])) collate Latin1_General_BIN2)) in (N'true', N'1', N'yes', N'y') then cast(1 as bit)
    when lower((ltrim(rtrim(s.[a_bit])) collate Latin1_General_BIN2)) in (N'false', N'0', N'no', N'n') then cast(0 as bit) end as [a_bit],
  case when (ltrim(rtrim(s.[a_date])) collate Latin1_General_BIN2) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' then try_convert(date,
    (ltrim(rtrim(s.[a_date])) collate Latin1_General_BIN2), 23) end as [a_date],
  case when (ltrim(rtrim(s.[a_datetime2])) collate Latin1_General_BIN2) not like N'%Z_%' and (ltrim(rtrim(s.[a_datetime2]))
    collate Latin1_General_BIN2) not like N'__________Z' and (ltrim(rtrim(s.[a_datetime2])) collate Latin1_General_BIN2) not
    like N'___________2[4-9]%' and substring(N'00000000010000010010111111111', len(replace((ltrim(rtrim(s.[a_datetime2]))
    collate Latin1_General_BIN2), N'Z', N'')), 1) = N'1' and replace((ltrim(rtrim(s.[a_datetime2])) collate Latin1_General_BIN2), N'Z', N'')
    + substring(N'0000-00-00T00:00:00.000000000', len(replace((ltrim(rtrim(s.[a_datetime2])) collate Latin1_General_BIN2), N'Z', N'')) + 1,
    29) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][ T][0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000'
    then try_convert(datetime2(3), left(replace(replace((ltrim(rtrim(s.[a_datetime2])) collate Latin1_General_BIN2), N'Z', N''), N'T',
    N' '), 23), 121) end as [a_datetime2], s.[a_text] as [a_text]
from staging.[load_run9] s
GO
-- qt.publish with @valued bigint output, @nulls bigint output
select @valued = isnull(sum(cast((case when v.[an_int] is null then 0 else 1 end + case when v.[a_decimal] is null then 0 else 1 end + case
  when v.[a_float] is null then 0 else 1 end + case when v.[a_date] is null then 0 else 1 end + case when v.[a_datetime2] is null then 0
  else 1 end) as bigint)), 0),
  @nulls = isnull(sum(cast(case when v.[an_int] is null or v.[a_text] is null then 1 else 0 end as bigint)), 0)
from #typed v
GO
-- qt.count_emptied with @some nvarchar(max) output
select @some = string_agg(cast(N'"' + x.name collate Latin1_General_BIN2 + N'":' + cast(x.cells as nvarchar(20)) as nvarchar(max)),
  N',') within
group (order by x.place)
from (select sum(cast(case when ltrim(rtrim(s.[a_bigint])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end as bigint)) as cell_2,
    sum(cast(case when ltrim(rtrim(s.[a_bit])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end as bigint)) as cell_5
  from staging.[load_run9] s) f
cross join (select count_big(v.[a_bigint]) as cell_2,
    count_big(v.[a_bit]) as cell_5
  from #typed v) n
cross apply (values (2, N'a_bigint', f.cell_2 - n.cell_2),
    (5, N'a_bit', f.cell_5 - n.cell_5)) x(place, name, cells)
where x.cells > 0
GO
-- qt.add_columns
alter table #delta add [an_int] int null
GO
-- qt.add_columns
alter table #delta add [a_bigint] bigint null
GO
-- qt.add_columns
alter table #delta add [a_decimal] decimal(10, 2) null
GO
-- qt.add_columns
alter table #delta add [a_float] float null
GO
-- qt.add_columns
alter table #delta add [a_bit] bit null
GO
-- qt.add_columns
alter table #delta add [a_date] date null
GO
-- qt.add_columns
alter table #delta add [a_datetime2] datetime2(3) null
GO
-- qt.add_columns
alter table #delta add [a_text] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.publish
insert into #delta(__change, _k8, _key_hash, _row_hash, [an_int], [a_bigint], [a_decimal], [a_float], [a_bit], [a_date], [a_datetime2],
  [a_text])
select case when r._k8 is null then N'D' when l._k8 is null then N'I' when l._deleted = 1 then N'R' else N'U' end,
  isnull(r._k8, l._k8),
  isnull(r._key_hash, l._key_hash), r._row_hash, r.[an_int], r.[a_bigint], r.[a_decimal], r.[a_float], r.[a_bit], r.[a_date],
    r.[a_datetime2], r.[a_text]
from (select cast(substring(h._key_hash, 1, 8) as bigint) as _k8, h._key_hash, h._row_hash, v.[an_int], v.[a_bigint], v.[a_decimal],
  v.[a_float], v.[a_bit], v.[a_date], v.[a_datetime2], v.[a_text]
  from #typed v
  cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'a_bigint:' + cast(datalength(convert(nvarchar(50),
    v.[a_bigint])) as nvarchar(20)) + N':' + convert(nvarchar(50), v.[a_bigint]), N'') + isnull(N'a_bit:' + cast(datalength(case(v.[a_bit])
    when 1 then N'true' when 0 then N'false' end) as nvarchar(20)) + N':' + case(v.[a_bit]) when 1 then N'true' when 0 then N'false' end,
    N'') + isnull(N'a_date:' + cast(datalength(convert(nvarchar(10), v.[a_date], 23)) as nvarchar(20)) + N':' + convert(nvarchar(10),
    v.[a_date], 23), N'') + isnull(N'a_datetime2:' + cast(datalength(left(replace(convert(nvarchar(30), v.[a_datetime2], 121), N' ', N'T')
    + case when charindex(N'.', replace(convert(nvarchar(30), v.[a_datetime2], 121), N' ', N'T')) = 0 then N'.' else N'' end + N'000', 23))
    as nvarchar(20)) + N':' + left(replace(convert(nvarchar(30), v.[a_datetime2], 121), N' ', N'T') + case when charindex(N'.',
    replace(convert(nvarchar(30), v.[a_datetime2], 121), N' ', N'T')) = 0 then N'.' else N'' end + N'000', 23), N'') + isnull(N'a_decimal:'
    + cast(datalength(convert(nvarchar(50), v.[a_decimal])) as nvarchar(20)) + N':' + convert(nvarchar(50), v.[a_decimal]), N'')
    + isnull(N'a_float:' + cast(datalength(convert(nvarchar(40), v.[a_float], 3)) as nvarchar(20)) + N':' + convert(nvarchar(40),
    v.[a_float], 3), N'') + isnull(N'a_text:' + cast(datalength(v.[a_text] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[a_text]
    collate Latin1_General_BIN2, N'') + isnull(N'an_int:' + cast(datalength(convert(nvarchar(50), v.[an_int])) as nvarchar(20)) + N':'
    + convert(nvarchar(50), v.[an_int]), N''))) as binary(32)) as _row_hash,
      cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'a_text:' + cast(datalength(v.[a_text] collate Latin1_General_BIN2)
        as nvarchar(20)) + N':' + v.[a_text] collate Latin1_General_BIN2, N'') + isnull(N'an_int:' + cast(datalength(convert(nvarchar(50),
        v.[an_int])) as nvarchar(20)) + N':' + convert(nvarchar(50), v.[an_int]), N''))) as binary(32)) as _key_hash) h) r
full join data.[types] l on l._k8 = r._k8 and l._key_hash = r._key_hash
where (r._k8 is null and l._deleted = 0) or (r._k8 is not null and (l._k8 is null or l._deleted = 1 or l._row_hash <> r._row_hash))
GO
-- qt.publish with @version bigint
update l
set _row_hash = d._row_hash, _version = @version, _deleted = 0, [a_bigint] = d.[a_bigint], [a_bit] = d.[a_bit], [a_date] = d.[a_date],
  [a_datetime2] = d.[a_datetime2], [a_decimal] = d.[a_decimal], [a_float] = d.[a_float], [a_text] = d.[a_text], [an_int] = d.[an_int]
from data.[types] l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash
where d.__change in (N'U', N'R')
GO
-- qt.publish with @version bigint
insert into data.[types] (_k8, _key_hash, _row_hash, _version, _deleted, [an_int], [a_bigint], [a_decimal], [a_float], [a_bit], [a_date],
  [a_datetime2], [a_text])
select r._k8, r._key_hash, r._row_hash, @version, 0, r.[an_int], r.[a_bigint], r.[a_decimal], r.[a_float], r.[a_bit], r.[a_date],
  r.[a_datetime2], r.[a_text]
from #delta r
where r.__change = N'I'
GO
-- qt.publish with @version bigint
update l
set _version = @version, _deleted = 1, [a_bigint] = null, [a_decimal] = null, [a_float] = null, [a_bit] = null, [a_date] = null,
  [a_datetime2] = null
from data.[types] l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash
where d.__change = N'D'
GO
-- qt.drop_staging
drop table
if exists staging.[load_run9]
GO

-- read
-- qt.changes
declare @deleted bit;
select top(1) @deleted = _deleted
from data.[types]
GO
-- qt.changes with @after_version bigint, @after_row bigint, @bound bigint, @limit int
select top(@limit) l._version, l._row_id, l._deleted,
  convert(nvarchar(50), l.[an_int]) as [an_int],
  convert(nvarchar(50), l.[a_bigint]) as [a_bigint],
  convert(nvarchar(50), l.[a_decimal]) as [a_decimal],
  qt.float_text(l.[a_float]) as [a_float],
  case(l.[a_bit]) when 1 then N'true' when 0 then N'false' end as [a_bit],
  convert(nvarchar(10), l.[a_date], 23) as [a_date],
  left(replace(convert(nvarchar(30), l.[a_datetime2], 121), N' ', N'T') + case when charindex(N'.', replace(convert(nvarchar(30),
    l.[a_datetime2], 121), N' ', N'T')) = 0 then N'.' else N'' end + N'000', 23) as [a_datetime2], l.[a_text] collate Latin1_General_BIN2
    as [a_text]
from (select a.*
  from (select top(@limit) _version, _row_id, _deleted, [an_int], [a_bigint], [a_decimal], [a_float], [a_bit], [a_date], [a_datetime2],
    [a_text]
    from data.[types]
    where _version = @after_version and _version <= @bound and _row_id > @after_row
    order by _version, _row_id) a
  union all
  select b.*
  from (select top(@limit) _version, _row_id, _deleted, [an_int], [a_bigint], [a_decimal], [a_float], [a_bit], [a_date], [a_datetime2],
    [a_text]
    from data.[types]
    where _version > @after_version and _version <= @bound
    order by _version, _row_id) b) l
order by l._version, l._row_id
GO
