-- Each kind of format: values in it, some that are emptied, some that are named, and a text that becomes a date.
-- Recorded by `npm run golden:tsql` (formats): do not edit.

-- configure
-- qt.create_landed_table
create table data.[formats] (_row_id bigint identity(1, 1) not null, _k8 bigint not null, _key_hash binary(32) not null,
  _row_hash binary(32) not null, _version bigint not null, _deleted bit not null)
GO
-- qt.create_landed_table
create unique clustered index [formats_feed] on data.[formats] (_version, _row_id)
GO
-- qt.create_landed_table
create unique index [formats_key] on data.[formats] (_k8, _key_hash) include(_row_hash, _deleted)
GO
-- qt.create_landed_table
create index [formats_deleted] on data.[formats] (_version)
where _deleted = 1
GO

-- publish that empties cells
-- qt.add_columns
alter table data.[formats] add [id] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[formats] add [day] date null
GO
-- qt.add_columns
alter table data.[formats] add [month] date null
GO
-- qt.add_columns
alter table data.[formats] add [at] datetime2(3) null
GO
-- qt.add_columns
alter table data.[formats] add [number] int null
GO
-- qt.add_columns
alter table data.[formats] add [amount] decimal(18, 2) null
GO
-- qt.add_columns
alter table data.[formats] add [share] decimal(9, 4) null
GO
-- qt.add_columns
alter table data.[formats] add [rate] float null
GO
-- qt.publish with @rows bigint output, @filled bigint output
select @rows = count_big(*),
  @filled = isnull(sum(cast(0 as bigint)), 0)
from staging.[load_run10] s
GO
-- qt.add_columns
alter table #typed add [id] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #typed add [day] date null
GO
-- qt.add_columns
alter table #typed add [month] date null
GO
-- qt.add_columns
alter table #typed add [at] datetime2(3) null
GO
-- qt.add_columns
alter table #typed add [number] int null
GO
-- qt.add_columns
alter table #typed add [amount] decimal(18, 2) null
GO
-- qt.add_columns
alter table #typed add [share] decimal(9, 4) null
GO
-- qt.add_columns
alter table #typed add [rate] float null
GO
-- qt.publish
insert into #typed with(tablock) ([id], [day], [month], [at], [number], [amount], [share], [rate])
select s.[id] as [id],
  case when (ltrim(rtrim(s.[day])) collate Latin1_General_BIN2) like N'[0-9][0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9]' then try_convert(date,
    substring((ltrim(rtrim(s.[day])) collate Latin1_General_BIN2), 7, 4) + N'-' + substring((ltrim(rtrim(s.[day]))
    collate Latin1_General_BIN2), 4, 2) + N'-' + substring((ltrim(rtrim(s.[day])) collate Latin1_General_BIN2), 1, 2), 23) end as [day],
  case when (ltrim(rtrim(s.[month])) collate Latin1_General_BIN2)
    like N'[0-9][0-9]-[A-Za-z][A-Za-z][A-Za-z]-[0-9][0-9][0-9][0-9] ''[[][%][_]' then try_convert(date, substring((ltrim(rtrim(s.[month]))
    collate Latin1_General_BIN2), 8, 4) + N'-' + substring(N'01  02  03  04  05  06  07  08  09  10  11  12', charindex(N'-'
    + lower(substring((ltrim(rtrim(s.[month])) collate Latin1_General_BIN2), 4, 3)), N'-jan-feb-mar-apr-may-jun-jul-aug-sep-oct-nov-dec'),
    2) + N'-' + substring((ltrim(rtrim(s.[month])) collate Latin1_General_BIN2), 1, 2), 23) when (ltrim(rtrim(s.[month]))
    collate Latin1_General_BIN2) like N'[0-9]-[A-Za-z][A-Za-z][A-Za-z]-[0-9][0-9][0-9][0-9] ''[[][%][_]' then try_convert(date,
    substring((ltrim(rtrim(s.[month])) collate Latin1_General_BIN2), 7, 4) + N'-'
    + substring(N'01  02  03  04  05  06  07  08  09  10  11  12', charindex(N'-' + lower(substring((ltrim(rtrim(s.[month]))
    collate Latin1_General_BIN2), 3, 3)), N'-jan-feb-mar-apr-may-jun-jul-aug-sep-oct-nov-dec'), 2) + N'-' + N'0'
    + substring((ltrim(rtrim(s.[month])) collate Latin1_General_BIN2), 1, 1), 23) end as [month],
  case when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9][0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9] [0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 30 and substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 12, 2) < N'24'
    then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 7, 4) + N'-'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 4, 2) + N'-' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 2) + N' ' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 12, 2) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 15, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 18, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 21, 3), 121)
    when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9] [0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 29 and substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 11, 2) < N'24'
    then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 6, 4) + N'-'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 3, 2) + N'-' + N'0' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 1) + N' ' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 11, 2) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 14, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 17, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 20, 3), 121)
    when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9][0-9]/[0-9]/[0-9][0-9][0-9][0-9] [0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 29 and substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 11, 2) < N'24'
    then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 6, 4) + N'-' + N'0'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 4, 1) + N'-' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 2) + N' ' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 11, 2) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 14, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 17, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 20, 3), 121)
    when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9]/[0-9]/[0-9][0-9][0-9][0-9] [0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 28 and substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 10, 2) < N'24'
    then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 5, 4) + N'-' + N'0'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 3, 1) + N'-' + N'0' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 1) + N' ' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 10, 2) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 13, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 16, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 19, 3), 121)
    when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9][0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9] [0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 29 then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 7, 4)
    + N'-' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 4, 2) + N'-' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 2) + N' ' + N'0' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 12, 1) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 14, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 17, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 20, 3), 121)
    when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9] [0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 28 then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 6, 4)
    + N'-' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 3, 2) + N'-' + N'0' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 1) + N' ' + N'0' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 11, 1) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 13, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 16, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 19, 3), 121)
    when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9][0-9]/[0-9]/[0-9][0-9][0-9][0-9] [0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 28 then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 6, 4)
    + N'-' + N'0' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 4, 1) + N'-' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 2) + N' ' + N'0' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 11, 1) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 13, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 16, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 19, 3), 121)
    when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9]/[0-9]/[0-9][0-9][0-9][0-9] [0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 27 then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 5, 4)
    + N'-' + N'0' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 3, 1) + N'-' + N'0' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 1) + N' ' + N'0' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 10, 1) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 12, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 15, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 18, 3), 121) end
    as [at],
  case when (ltrim(rtrim(s.[number])) collate Latin1_General_BIN2) not like N'%[^-+0-9'']%' and N'+' + (ltrim(rtrim(s.[number]))
    collate Latin1_General_BIN2) not like N'%[-+]0%''%' and N'+' + (ltrim(rtrim(s.[number])) collate Latin1_General_BIN2) not
    like N'%[^0-9]''%' and (ltrim(rtrim(s.[number])) collate Latin1_General_BIN2) + N'x' not like N'%''[^0-9]%'
    and (ltrim(rtrim(s.[number])) collate Latin1_General_BIN2) + N'x' not like N'%''_[^0-9]%' and (ltrim(rtrim(s.[number]))
    collate Latin1_General_BIN2) + N'x' not like N'%''__[^0-9]%' and (ltrim(rtrim(s.[number])) collate Latin1_General_BIN2) not
    like N'%''[0-9][0-9][0-9][0-9]%' and (ltrim(rtrim(s.[number])) collate Latin1_General_BIN2) not like N'%[0-9][0-9][0-9][0-9]%''%'
    then case when (ltrim(rtrim(replace((ltrim(rtrim(s.[number])) collate Latin1_General_BIN2), N'''', N''))) collate Latin1_General_BIN2)
    like N'%[0-9]%' and (case when left((ltrim(rtrim(replace((ltrim(rtrim(s.[number])) collate Latin1_General_BIN2), N'''', N'')))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(replace((ltrim(rtrim(s.[number]))
    collate Latin1_General_BIN2), N'''', N''))) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(replace((ltrim(rtrim(s.[number])) collate Latin1_General_BIN2), N'''', N''))) collate Latin1_General_BIN2) end) not
    like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(replace((ltrim(rtrim(s.[number])) collate Latin1_General_BIN2), N'''', N'')))
    collate Latin1_General_BIN2)) end end as [number],
  case when (ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2) not like N'%[^-+0-9.,]%' and N'+' + (ltrim(rtrim(s.[amount]))
    collate Latin1_General_BIN2) not like N'%[-+]0%.%' and N'+' + (ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2) not
    like N'%[^0-9].%' and (ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2) + N'x' not like N'%.[^0-9]%' and (ltrim(rtrim(s.[amount]))
    collate Latin1_General_BIN2) + N'x' not like N'%._[^0-9]%' and (ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2) + N'x' not
    like N'%.__[^0-9]%' and (ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2) not like N'%.[0-9][0-9][0-9][0-9]%'
    and (ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2) not like N'%[0-9][0-9][0-9][0-9]%.%' and (ltrim(rtrim(s.[amount]))
    collate Latin1_General_BIN2) not like N'%,%.%' then case when (ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount]))
    collate Latin1_General_BIN2), N'.', N''), N',', N'.'))) collate Latin1_General_BIN2) like N'%[0-9]%' and (case
    when left((ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2), N'.', N''), N',', N'.')))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount]))
    collate Latin1_General_BIN2), N'.', N''), N',', N'.'))) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2), N'.', N''), N',', N'.')))
    collate Latin1_General_BIN2) end) not like N'%[^0-9.]%' and (ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount]))
    collate Latin1_General_BIN2), N'.', N''), N',', N'.'))) collate Latin1_General_BIN2) not like N'%.%.%'
    and substring((ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2), N'.', N''), N',', N'.')))
    collate Latin1_General_BIN2), charindex(N'.', (ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2), N'.',
    N''), N',', N'.'))) collate Latin1_General_BIN2) + N'.') + 1 + 2, 2147483647) not like N'%[^0]%' then try_convert(decimal(18, 2),
    left((ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2), N'.', N''), N',', N'.')))
    collate Latin1_General_BIN2), charindex(N'.', (ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2), N'.',
    N''), N',', N'.'))) collate Latin1_General_BIN2) + N'.') + 2)) end end as [amount],
  case when (ltrim(rtrim(s.[share])) collate Latin1_General_BIN2) like N'%[%]' and (ltrim(rtrim(s.[share])) collate Latin1_General_BIN2) not
    like N'%[%]_%' and rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2), N'%', N'')) not like N'%[^-+0-9.]%'
    then cast((case when (ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2), N'%', N''))))
    collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share]))
    collate Latin1_General_BIN2), N'%', N'')))) collate Latin1_General_BIN2), 1) in (N'+', N'-')
    then substring((ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2), N'%', N''))))
    collate Latin1_General_BIN2), 2, 2147483647) else (ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2),
    N'%', N'')))) collate Latin1_General_BIN2) end) not like N'%[^0-9.]%' and (ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share]))
    collate Latin1_General_BIN2), N'%', N'')))) collate Latin1_General_BIN2) not like N'%.%.%'
    and substring((ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2), N'%', N''))))
    collate Latin1_General_BIN2), charindex(N'.', (ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2), N'%',
    N'')))) collate Latin1_General_BIN2) + N'.') + 1 + 2, 2147483647) not like N'%[^0]%' then try_convert(decimal(9, 2),
    left((ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2), N'%', N'')))) collate Latin1_General_BIN2),
    charindex(N'.', (ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2), N'%', N''))))
    collate Latin1_General_BIN2) + N'.') + 2)) end) * 0.01 as decimal(9, 4)) end as [share],
  case when (ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2) like N'%[%]' and (ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2) not
    like N'%[%]_%' and rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) not like N'%[^-+0-9 ,]%' and N'+'
    + rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) not like N'%[-+]0% %' and N'+'
    + rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) not like N'%[^0-9] %'
    and rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) + N'x' not like N'% [^0-9]%'
    and rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) + N'x' not like N'% _[^0-9]%'
    and rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) + N'x' not like N'% __[^0-9]%'
    and rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) not like N'% [0-9][0-9][0-9][0-9]%'
    and rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) not like N'%[0-9][0-9][0-9][0-9]% %'
    and rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) not like N'%,% %' then case
    when left((ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')), N' ', N''),
    N',', N'.') + N'e-2')) collate Latin1_General_BIN2), patindex(N'%[eE]%',
    (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',', N'.')
    + N'e-2')) collate Latin1_General_BIN2) + N'e')) like N'%[0-9]%' and (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate]))
    collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',', N'.') + N'e-2')) collate Latin1_General_BIN2) like N'%[0-9.]'
    and (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',',
    N'.') + N'e-2')) collate Latin1_General_BIN2) not like N'[-+][^0-9.]%'
    and replace(replace((ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')), N' ',
    N''), N',', N'.') + N'e-2')) collate Latin1_General_BIN2), N'+', N''), N'-', N'') not like N'%[^0-9.eE]%'
    and (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',',
    N'.') + N'e-2')) collate Latin1_General_BIN2) not like N'%[eE]%[0-9][0-9][0-9][0-9]%' and (abs(try_convert(float,
    (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',', N'.')
    + N'e-2')) collate Latin1_General_BIN2))) >= 2.2250738585072014e-308
    or left((ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',',
    N'.') + N'e-2')) collate Latin1_General_BIN2), patindex(N'%[eE]%', (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate]))
    collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',', N'.') + N'e-2')) collate Latin1_General_BIN2) + N'e')) not like N'%[1-9]%')
    then try_convert(float, (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')),
    N' ', N''), N',', N'.') + N'e-2')) collate Latin1_General_BIN2)) + 0e0 end end as [rate]
from staging.[load_run10] s
GO
-- qt.publish with @valued bigint output, @nulls bigint output
select @valued = isnull(sum(cast(0 as bigint)), 0),
  @nulls = isnull(sum(cast(case when v.[id] is null then 1 else 0 end as bigint)), 0)
from #typed v
GO
-- qt.count_emptied with @some nvarchar(max) output
select @some = string_agg(cast(N'"' + x.name collate Latin1_General_BIN2 + N'":' + cast(x.cells as nvarchar(20)) as nvarchar(max)),
  N',') within
group (order by x.place)
from (select sum(cast(case when ltrim(rtrim(s.[day])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end as bigint)) as cell_2,
    sum(cast(case when ltrim(rtrim(s.[month])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end as bigint)) as cell_3,
    sum(cast(case when ltrim(rtrim(s.[at])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end as bigint)) as cell_4,
    sum(cast(case when ltrim(rtrim(s.[number])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end as bigint)) as cell_5,
    sum(cast(case when ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end as bigint)) as cell_6,
    sum(cast(case when ltrim(rtrim(s.[share])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end as bigint)) as cell_7,
    sum(cast(case when ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end as bigint)) as cell_8
  from staging.[load_run10] s) f
cross join (select count_big(v.[day]) as cell_2,
    count_big(v.[month]) as cell_3,
    count_big(v.[at]) as cell_4,
    count_big(v.[number]) as cell_5,
    count_big(v.[amount]) as cell_6,
    count_big(v.[share]) as cell_7,
    count_big(v.[rate]) as cell_8
  from #typed v) n
cross apply (values (2, N'day', f.cell_2 - n.cell_2),
    (3, N'month', f.cell_3 - n.cell_3),
    (4, N'at', f.cell_4 - n.cell_4),
    (5, N'number', f.cell_5 - n.cell_5),
    (6, N'amount', f.cell_6 - n.cell_6),
    (7, N'share', f.cell_7 - n.cell_7),
    (8, N'rate', f.cell_8 - n.cell_8)) x(place, name, cells)
where x.cells > 0
GO
-- qt.publish with @version bigint, @inserted bigint output
insert into data.[formats] (_k8, _key_hash, _row_hash, _version, _deleted, [id], [day], [month], [at], [number], [amount], [share], [rate])
select r._k8, r._key_hash, r._row_hash, @version, 0, r.[id], r.[day], r.[month], r.[at], r.[number], r.[amount], r.[share], r.[rate]
from (select cast(substring(h._key_hash, 1, 8) as bigint) as _k8, h._key_hash, h._row_hash, v.[id], v.[day], v.[month], v.[at], v.[number],
  v.[amount], v.[share], v.[rate]
  from #typed v
  cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'amount:' + cast(datalength(convert(nvarchar(50),
    v.[amount])) as nvarchar(20)) + N':' + convert(nvarchar(50), v.[amount]), N'') + isnull(N'at:'
    + cast(datalength(left(replace(convert(nvarchar(30), v.[at], 121), N' ', N'T') + case when charindex(N'.', replace(convert(nvarchar(30),
    v.[at], 121), N' ', N'T')) = 0 then N'.' else N'' end + N'000', 23)) as nvarchar(20)) + N':' + left(replace(convert(nvarchar(30),
    v.[at], 121), N' ', N'T') + case when charindex(N'.', replace(convert(nvarchar(30), v.[at], 121), N' ', N'T')) = 0 then N'.' else N''
    end + N'000', 23), N'') + isnull(N'day:' + cast(datalength(convert(nvarchar(10), v.[day], 23)) as nvarchar(20)) + N':'
    + convert(nvarchar(10), v.[day], 23), N'') + isnull(N'id:' + cast(datalength(v.[id] collate Latin1_General_BIN2) as nvarchar(20)) + N':'
    + v.[id] collate Latin1_General_BIN2, N'') + isnull(N'month:' + cast(datalength(convert(nvarchar(10), v.[month], 23)) as nvarchar(20))
    + N':' + convert(nvarchar(10), v.[month], 23), N'') + isnull(N'number:' + cast(datalength(convert(nvarchar(50), v.[number]))
    as nvarchar(20)) + N':' + convert(nvarchar(50), v.[number]), N'') + isnull(N'rate:' + cast(datalength(convert(nvarchar(40), v.[rate],
    3)) as nvarchar(20)) + N':' + convert(nvarchar(40), v.[rate], 3), N'') + isnull(N'share:' + cast(datalength(convert(nvarchar(50),
    v.[share])) as nvarchar(20)) + N':' + convert(nvarchar(50), v.[share]), N''))) as binary(32)) as _row_hash,
      cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'id:' + cast(datalength(v.[id] collate Latin1_General_BIN2)
        as nvarchar(20)) + N':' + v.[id] collate Latin1_General_BIN2, N''))) as binary(32)) as _key_hash) h) r;
set @inserted = @@rowcount;
GO
-- qt.drop_staging
drop table
if exists staging.[load_run10]
GO

-- configure, strictly

-- values that do not convert: QT4015
-- qt.publish with @rows bigint output, @filled bigint output
select @rows = count_big(*),
  @filled = isnull(sum(cast((case when ltrim(rtrim(s.[day])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case
    when ltrim(rtrim(s.[month])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case when ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case when ltrim(rtrim(s.[number])) collate Latin1_General_BIN2 <> N'' then 1
    else 0 end + case when ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case when ltrim(rtrim(s.[share]))
    collate Latin1_General_BIN2 <> N'' then 1 else 0 end + case when ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2 <> N'' then 1
    else 0 end) as bigint)), 0)
from staging.[load_run11] s
GO
-- qt.add_columns
alter table #typed add [id] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #typed add [day] date null
GO
-- qt.add_columns
alter table #typed add [month] date null
GO
-- qt.add_columns
alter table #typed add [at] datetime2(3) null
GO
-- qt.add_columns
alter table #typed add [number] int null
GO
-- qt.add_columns
alter table #typed add [amount] decimal(18, 2) null
GO
-- qt.add_columns
alter table #typed add [share] decimal(9, 4) null
GO
-- qt.add_columns
alter table #typed add [rate] float null
GO
-- qt.publish
insert into #typed with(tablock) ([id], [day], [month], [at], [number], [amount], [share], [rate])
select s.[id] as [id],
  case when (ltrim(rtrim(s.[day])) collate Latin1_General_BIN2) like N'[0-9][0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9]' then try_convert(date,
    substring((ltrim(rtrim(s.[day])) collate Latin1_General_BIN2), 7, 4) + N'-' + substring((ltrim(rtrim(s.[day]))
    collate Latin1_General_BIN2), 4, 2) + N'-' + substring((ltrim(rtrim(s.[day])) collate Latin1_General_BIN2), 1, 2), 23) end as [day],
  case when (ltrim(rtrim(s.[month])) collate Latin1_General_BIN2)
    like N'[0-9][0-9]-[A-Za-z][A-Za-z][A-Za-z]-[0-9][0-9][0-9][0-9] ''[[][%][_]' then try_convert(date, substring((ltrim(rtrim(s.[month]))
    collate Latin1_General_BIN2), 8, 4) + N'-' + substring(N'01  02  03  04  05  06  07  08  09  10  11  12', charindex(N'-'
    + lower(substring((ltrim(rtrim(s.[month])) collate Latin1_General_BIN2), 4, 3)), N'-jan-feb-mar-apr-may-jun-jul-aug-sep-oct-nov-dec'),
    2) + N'-' + substring((ltrim(rtrim(s.[month])) collate Latin1_General_BIN2), 1, 2), 23) when (ltrim(rtrim(s.[month]))
    collate Latin1_General_BIN2) like N'[0-9]-[A-Za-z][A-Za-z][A-Za-z]-[0-9][0-9][0-9][0-9] ''[[][%][_]' then try_convert(date,
    substring((ltrim(rtrim(s.[month])) collate Latin1_General_BIN2), 7, 4) + N'-'
    + substring(N'01  02  03  04  05  06  07  08  09  10  11  12', charindex(N'-' + lower(substring((ltrim(rtrim(s.[month]))
    collate Latin1_General_BIN2), 3, 3)), N'-jan-feb-mar-apr-may-jun-jul-aug-sep-oct-nov-dec'), 2) + N'-' + N'0'
    + substring((ltrim(rtrim(s.[month])) collate Latin1_General_BIN2), 1, 1), 23) end as [month],
  case when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9][0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9] [0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 30 and substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 12, 2) < N'24'
    then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 7, 4) + N'-'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 4, 2) + N'-' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 2) + N' ' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 12, 2) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 15, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 18, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 21, 3), 121)
    when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9] [0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 29 and substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 11, 2) < N'24'
    then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 6, 4) + N'-'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 3, 2) + N'-' + N'0' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 1) + N' ' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 11, 2) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 14, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 17, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 20, 3), 121)
    when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9][0-9]/[0-9]/[0-9][0-9][0-9][0-9] [0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 29 and substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 11, 2) < N'24'
    then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 6, 4) + N'-' + N'0'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 4, 1) + N'-' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 2) + N' ' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 11, 2) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 14, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 17, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 20, 3), 121)
    when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9]/[0-9]/[0-9][0-9][0-9][0-9] [0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 28 and substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 10, 2) < N'24'
    then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 5, 4) + N'-' + N'0'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 3, 1) + N'-' + N'0' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 1) + N' ' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 10, 2) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 13, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 16, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 19, 3), 121)
    when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9][0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9] [0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 29 then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 7, 4)
    + N'-' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 4, 2) + N'-' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 2) + N' ' + N'0' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 12, 1) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 14, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 17, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 20, 3), 121)
    when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9] [0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 28 then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 6, 4)
    + N'-' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 3, 2) + N'-' + N'0' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 1) + N' ' + N'0' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 11, 1) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 13, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 16, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 19, 3), 121)
    when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9][0-9]/[0-9]/[0-9][0-9][0-9][0-9] [0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 28 then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 6, 4)
    + N'-' + N'0' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 4, 1) + N'-' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 2) + N' ' + N'0' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 11, 1) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 13, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 16, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 19, 3), 121)
    when (ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00000000'
    like N'[0-9]/[0-9]/[0-9][0-9][0-9][0-9] [0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2)) < 27 then try_convert(datetime2(3), substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 5, 4)
    + N'-' + N'0' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 3, 1) + N'-' + N'0' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 1, 1) + N' ' + N'0' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 10, 1) + N':'
    + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2), 12, 2) + N':' + substring((ltrim(rtrim(s.[at]))
    collate Latin1_General_BIN2), 15, 2) + N'.' + substring((ltrim(rtrim(s.[at])) collate Latin1_General_BIN2) + N'00', 18, 3), 121) end
    as [at],
  case when (ltrim(rtrim(s.[number])) collate Latin1_General_BIN2) not like N'%[^-+0-9'']%' and N'+' + (ltrim(rtrim(s.[number]))
    collate Latin1_General_BIN2) not like N'%[-+]0%''%' and N'+' + (ltrim(rtrim(s.[number])) collate Latin1_General_BIN2) not
    like N'%[^0-9]''%' and (ltrim(rtrim(s.[number])) collate Latin1_General_BIN2) + N'x' not like N'%''[^0-9]%'
    and (ltrim(rtrim(s.[number])) collate Latin1_General_BIN2) + N'x' not like N'%''_[^0-9]%' and (ltrim(rtrim(s.[number]))
    collate Latin1_General_BIN2) + N'x' not like N'%''__[^0-9]%' and (ltrim(rtrim(s.[number])) collate Latin1_General_BIN2) not
    like N'%''[0-9][0-9][0-9][0-9]%' and (ltrim(rtrim(s.[number])) collate Latin1_General_BIN2) not like N'%[0-9][0-9][0-9][0-9]%''%'
    then case when (ltrim(rtrim(replace((ltrim(rtrim(s.[number])) collate Latin1_General_BIN2), N'''', N''))) collate Latin1_General_BIN2)
    like N'%[0-9]%' and (case when left((ltrim(rtrim(replace((ltrim(rtrim(s.[number])) collate Latin1_General_BIN2), N'''', N'')))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(replace((ltrim(rtrim(s.[number]))
    collate Latin1_General_BIN2), N'''', N''))) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(replace((ltrim(rtrim(s.[number])) collate Latin1_General_BIN2), N'''', N''))) collate Latin1_General_BIN2) end) not
    like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(replace((ltrim(rtrim(s.[number])) collate Latin1_General_BIN2), N'''', N'')))
    collate Latin1_General_BIN2)) end end as [number],
  case when (ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2) not like N'%[^-+0-9.,]%' and N'+' + (ltrim(rtrim(s.[amount]))
    collate Latin1_General_BIN2) not like N'%[-+]0%.%' and N'+' + (ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2) not
    like N'%[^0-9].%' and (ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2) + N'x' not like N'%.[^0-9]%' and (ltrim(rtrim(s.[amount]))
    collate Latin1_General_BIN2) + N'x' not like N'%._[^0-9]%' and (ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2) + N'x' not
    like N'%.__[^0-9]%' and (ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2) not like N'%.[0-9][0-9][0-9][0-9]%'
    and (ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2) not like N'%[0-9][0-9][0-9][0-9]%.%' and (ltrim(rtrim(s.[amount]))
    collate Latin1_General_BIN2) not like N'%,%.%' then case when (ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount]))
    collate Latin1_General_BIN2), N'.', N''), N',', N'.'))) collate Latin1_General_BIN2) like N'%[0-9]%' and (case
    when left((ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2), N'.', N''), N',', N'.')))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount]))
    collate Latin1_General_BIN2), N'.', N''), N',', N'.'))) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2), N'.', N''), N',', N'.')))
    collate Latin1_General_BIN2) end) not like N'%[^0-9.]%' and (ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount]))
    collate Latin1_General_BIN2), N'.', N''), N',', N'.'))) collate Latin1_General_BIN2) not like N'%.%.%'
    and substring((ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2), N'.', N''), N',', N'.')))
    collate Latin1_General_BIN2), charindex(N'.', (ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2), N'.',
    N''), N',', N'.'))) collate Latin1_General_BIN2) + N'.') + 1 + 2, 2147483647) not like N'%[^0]%' then try_convert(decimal(18, 2),
    left((ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2), N'.', N''), N',', N'.')))
    collate Latin1_General_BIN2), charindex(N'.', (ltrim(rtrim(replace(replace((ltrim(rtrim(s.[amount])) collate Latin1_General_BIN2), N'.',
    N''), N',', N'.'))) collate Latin1_General_BIN2) + N'.') + 2)) end end as [amount],
  case when (ltrim(rtrim(s.[share])) collate Latin1_General_BIN2) like N'%[%]' and (ltrim(rtrim(s.[share])) collate Latin1_General_BIN2) not
    like N'%[%]_%' and rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2), N'%', N'')) not like N'%[^-+0-9.]%'
    then cast((case when (ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2), N'%', N''))))
    collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share]))
    collate Latin1_General_BIN2), N'%', N'')))) collate Latin1_General_BIN2), 1) in (N'+', N'-')
    then substring((ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2), N'%', N''))))
    collate Latin1_General_BIN2), 2, 2147483647) else (ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2),
    N'%', N'')))) collate Latin1_General_BIN2) end) not like N'%[^0-9.]%' and (ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share]))
    collate Latin1_General_BIN2), N'%', N'')))) collate Latin1_General_BIN2) not like N'%.%.%'
    and substring((ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2), N'%', N''))))
    collate Latin1_General_BIN2), charindex(N'.', (ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2), N'%',
    N'')))) collate Latin1_General_BIN2) + N'.') + 1 + 2, 2147483647) not like N'%[^0]%' then try_convert(decimal(9, 2),
    left((ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2), N'%', N'')))) collate Latin1_General_BIN2),
    charindex(N'.', (ltrim(rtrim(rtrim(replace((ltrim(rtrim(s.[share])) collate Latin1_General_BIN2), N'%', N''))))
    collate Latin1_General_BIN2) + N'.') + 2)) end) * 0.01 as decimal(9, 4)) end as [share],
  case when (ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2) like N'%[%]' and (ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2) not
    like N'%[%]_%' and rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) not like N'%[^-+0-9 ,]%' and N'+'
    + rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) not like N'%[-+]0% %' and N'+'
    + rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) not like N'%[^0-9] %'
    and rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) + N'x' not like N'% [^0-9]%'
    and rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) + N'x' not like N'% _[^0-9]%'
    and rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) + N'x' not like N'% __[^0-9]%'
    and rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) not like N'% [0-9][0-9][0-9][0-9]%'
    and rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) not like N'%[0-9][0-9][0-9][0-9]% %'
    and rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')) not like N'%,% %' then case
    when left((ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')), N' ', N''),
    N',', N'.') + N'e-2')) collate Latin1_General_BIN2), patindex(N'%[eE]%',
    (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',', N'.')
    + N'e-2')) collate Latin1_General_BIN2) + N'e')) like N'%[0-9]%' and (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate]))
    collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',', N'.') + N'e-2')) collate Latin1_General_BIN2) like N'%[0-9.]'
    and (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',',
    N'.') + N'e-2')) collate Latin1_General_BIN2) not like N'[-+][^0-9.]%'
    and replace(replace((ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')), N' ',
    N''), N',', N'.') + N'e-2')) collate Latin1_General_BIN2), N'+', N''), N'-', N'') not like N'%[^0-9.eE]%'
    and (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',',
    N'.') + N'e-2')) collate Latin1_General_BIN2) not like N'%[eE]%[0-9][0-9][0-9][0-9]%' and (abs(try_convert(float,
    (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',', N'.')
    + N'e-2')) collate Latin1_General_BIN2))) >= 2.2250738585072014e-308
    or left((ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',',
    N'.') + N'e-2')) collate Latin1_General_BIN2), patindex(N'%[eE]%', (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate]))
    collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',', N'.') + N'e-2')) collate Latin1_General_BIN2) + N'e')) not like N'%[1-9]%')
    then try_convert(float, (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(s.[rate])) collate Latin1_General_BIN2), N'%', N'')),
    N' ', N''), N',', N'.') + N'e-2')) collate Latin1_General_BIN2)) + 0e0 end end as [rate]
from staging.[load_run11] s
GO
-- qt.publish with @valued bigint output, @nulls bigint output
select @valued = isnull(sum(cast((case when v.[day] is null then 0 else 1 end + case when v.[month] is null then 0 else 1 end + case
  when v.[at] is null then 0 else 1 end + case when v.[number] is null then 0 else 1 end + case when v.[amount] is null then 0 else 1 end
  + case when v.[share] is null then 0 else 1 end + case when v.[rate] is null then 0 else 1 end) as bigint)), 0),
  @nulls = isnull(sum(cast(case when v.[id] is null then 1 else 0 end as bigint)), 0)
from #typed v
GO
-- qt.name_bad_values
insert into #bad(line, place, header, type, value)
select top(100) n.line, c.place, c.header, c.type,
  left(c.value, 400)
from (select row_number() over (order by (select null)) + 1 as line, case when 1 = 0 then 1 else 0 end as __erased, s.[day] as cell_2,
  s.[month] as cell_3, s.[at] as cell_4, s.[number] as cell_5, s.[amount] as cell_6, s.[share] as cell_7, s.[rate] as cell_8
  from staging.[load_run11] s) n
cross apply (values (2, N'day', N'date as dd/MM/yyyy', n.cell_2, case when ltrim(rtrim(n.cell_2)) collate Latin1_General_BIN2 <> N''
  and (case when (ltrim(rtrim(n.cell_2)) collate Latin1_General_BIN2) like N'[0-9][0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9]'
  then try_convert(date, substring((ltrim(rtrim(n.cell_2)) collate Latin1_General_BIN2), 7, 4) + N'-' + substring((ltrim(rtrim(n.cell_2))
  collate Latin1_General_BIN2), 4, 2) + N'-' + substring((ltrim(rtrim(n.cell_2)) collate Latin1_General_BIN2), 1, 2), 23) end) is null
  then 1 else 0 end),
    (3, N'month', N'date as d-MMM-yyyy ''[%_', n.cell_3, case when ltrim(rtrim(n.cell_3)) collate Latin1_General_BIN2 <> N'' and (case
      when (ltrim(rtrim(n.cell_3)) collate Latin1_General_BIN2) like N'[0-9][0-9]-[A-Za-z][A-Za-z][A-Za-z]-[0-9][0-9][0-9][0-9] ''[[][%][_]'
      then try_convert(date, substring((ltrim(rtrim(n.cell_3)) collate Latin1_General_BIN2), 8, 4) + N'-'
      + substring(N'01  02  03  04  05  06  07  08  09  10  11  12', charindex(N'-' + lower(substring((ltrim(rtrim(n.cell_3))
      collate Latin1_General_BIN2), 4, 3)), N'-jan-feb-mar-apr-may-jun-jul-aug-sep-oct-nov-dec'), 2) + N'-'
      + substring((ltrim(rtrim(n.cell_3)) collate Latin1_General_BIN2), 1, 2), 23) when (ltrim(rtrim(n.cell_3)) collate Latin1_General_BIN2)
      like N'[0-9]-[A-Za-z][A-Za-z][A-Za-z]-[0-9][0-9][0-9][0-9] ''[[][%][_]' then try_convert(date, substring((ltrim(rtrim(n.cell_3))
      collate Latin1_General_BIN2), 7, 4) + N'-' + substring(N'01  02  03  04  05  06  07  08  09  10  11  12', charindex(N'-'
      + lower(substring((ltrim(rtrim(n.cell_3)) collate Latin1_General_BIN2), 3, 3)), N'-jan-feb-mar-apr-may-jun-jul-aug-sep-oct-nov-dec'),
      2) + N'-' + N'0' + substring((ltrim(rtrim(n.cell_3)) collate Latin1_General_BIN2), 1, 1), 23) end) is null then 1 else 0 end),
    (4, N'at', N'datetime2 as d/M/yyyy H:mm:ss.fff', n.cell_4, case when ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2 <> N'' and (case
      when (ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2) + N'00000000'
      like N'[0-9][0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9] [0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%'
      and len((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2)) < 30 and substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2),
      12, 2) < N'24' then try_convert(datetime2(3), substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 7, 4) + N'-'
      + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 4, 2) + N'-' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2), 1, 2) + N' ' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 12, 2) + N':'
      + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 15, 2) + N':' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2), 18, 2) + N'.' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2) + N'00', 21, 3), 121)
      when (ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2) + N'00000000'
      like N'[0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9] [0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2)) < 29 and substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 11, 2) < N'24'
      then try_convert(datetime2(3), substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 6, 4) + N'-'
      + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 3, 2) + N'-' + N'0' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2), 1, 1) + N' ' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 11, 2) + N':'
      + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 14, 2) + N':' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2), 17, 2) + N'.' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2) + N'00', 20, 3), 121)
      when (ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2) + N'00000000'
      like N'[0-9][0-9]/[0-9]/[0-9][0-9][0-9][0-9] [0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2)) < 29 and substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 11, 2) < N'24'
      then try_convert(datetime2(3), substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 6, 4) + N'-' + N'0'
      + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 4, 1) + N'-' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2), 1, 2) + N' ' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 11, 2) + N':'
      + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 14, 2) + N':' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2), 17, 2) + N'.' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2) + N'00', 20, 3), 121)
      when (ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2) + N'00000000'
      like N'[0-9]/[0-9]/[0-9][0-9][0-9][0-9] [0-9][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2)) < 28 and substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 10, 2) < N'24'
      then try_convert(datetime2(3), substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 5, 4) + N'-' + N'0'
      + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 3, 1) + N'-' + N'0' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2), 1, 1) + N' ' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 10, 2) + N':'
      + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 13, 2) + N':' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2), 16, 2) + N'.' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2) + N'00', 19, 3), 121)
      when (ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2) + N'00000000'
      like N'[0-9][0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9] [0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2)) < 29 then try_convert(datetime2(3), substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 7,
      4) + N'-' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 4, 2) + N'-' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2), 1, 2) + N' ' + N'0' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 12, 1) + N':'
      + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 14, 2) + N':' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2), 17, 2) + N'.' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2) + N'00', 20, 3), 121)
      when (ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2) + N'00000000'
      like N'[0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9] [0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2)) < 28 then try_convert(datetime2(3), substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 6,
      4) + N'-' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 3, 2) + N'-' + N'0' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2), 1, 1) + N' ' + N'0' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 11, 1) + N':'
      + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 13, 2) + N':' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2), 16, 2) + N'.' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2) + N'00', 19, 3), 121)
      when (ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2) + N'00000000'
      like N'[0-9][0-9]/[0-9]/[0-9][0-9][0-9][0-9] [0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2)) < 28 then try_convert(datetime2(3), substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 6,
      4) + N'-' + N'0' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 4, 1) + N'-' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2), 1, 2) + N' ' + N'0' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 11, 1) + N':'
      + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 13, 2) + N':' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2), 16, 2) + N'.' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2) + N'00', 19, 3), 121)
      when (ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2) + N'00000000'
      like N'[0-9]/[0-9]/[0-9][0-9][0-9][0-9] [0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000%' and len((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2)) < 27 then try_convert(datetime2(3), substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 5,
      4) + N'-' + N'0' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 3, 1) + N'-' + N'0'
      + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 1, 1) + N' ' + N'0' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2), 10, 1) + N':' + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 12, 2) + N':'
      + substring((ltrim(rtrim(n.cell_4)) collate Latin1_General_BIN2), 15, 2) + N'.' + substring((ltrim(rtrim(n.cell_4))
      collate Latin1_General_BIN2) + N'00', 18, 3), 121) end) is null then 1 else 0 end),
    (5, N'number', N'int as 1''234', n.cell_5, case when ltrim(rtrim(n.cell_5)) collate Latin1_General_BIN2 <> N'' and (case
      when (ltrim(rtrim(n.cell_5)) collate Latin1_General_BIN2) not like N'%[^-+0-9'']%' and N'+' + (ltrim(rtrim(n.cell_5))
      collate Latin1_General_BIN2) not like N'%[-+]0%''%' and N'+' + (ltrim(rtrim(n.cell_5)) collate Latin1_General_BIN2) not
      like N'%[^0-9]''%' and (ltrim(rtrim(n.cell_5)) collate Latin1_General_BIN2) + N'x' not like N'%''[^0-9]%' and (ltrim(rtrim(n.cell_5))
      collate Latin1_General_BIN2) + N'x' not like N'%''_[^0-9]%' and (ltrim(rtrim(n.cell_5)) collate Latin1_General_BIN2) + N'x' not
      like N'%''__[^0-9]%' and (ltrim(rtrim(n.cell_5)) collate Latin1_General_BIN2) not like N'%''[0-9][0-9][0-9][0-9]%'
      and (ltrim(rtrim(n.cell_5)) collate Latin1_General_BIN2) not like N'%[0-9][0-9][0-9][0-9]%''%' then case
      when (ltrim(rtrim(replace((ltrim(rtrim(n.cell_5)) collate Latin1_General_BIN2), N'''', N''))) collate Latin1_General_BIN2)
      like N'%[0-9]%' and (case when left((ltrim(rtrim(replace((ltrim(rtrim(n.cell_5)) collate Latin1_General_BIN2), N'''', N'')))
      collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(replace((ltrim(rtrim(n.cell_5))
      collate Latin1_General_BIN2), N'''', N''))) collate Latin1_General_BIN2), 2, 2147483647)
      else (ltrim(rtrim(replace((ltrim(rtrim(n.cell_5)) collate Latin1_General_BIN2), N'''', N''))) collate Latin1_General_BIN2) end) not
      like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(replace((ltrim(rtrim(n.cell_5)) collate Latin1_General_BIN2), N'''', N'')))
      collate Latin1_General_BIN2)) end end) is null then 1 else 0 end),
    (6, N'amount', N'decimal(18,2) as 1.234,5', n.cell_6, case when ltrim(rtrim(n.cell_6)) collate Latin1_General_BIN2 <> N'' and (case
      when (ltrim(rtrim(n.cell_6)) collate Latin1_General_BIN2) not like N'%[^-+0-9.,]%' and N'+' + (ltrim(rtrim(n.cell_6))
      collate Latin1_General_BIN2) not like N'%[-+]0%.%' and N'+' + (ltrim(rtrim(n.cell_6)) collate Latin1_General_BIN2) not
      like N'%[^0-9].%' and (ltrim(rtrim(n.cell_6)) collate Latin1_General_BIN2) + N'x' not like N'%.[^0-9]%' and (ltrim(rtrim(n.cell_6))
      collate Latin1_General_BIN2) + N'x' not like N'%._[^0-9]%' and (ltrim(rtrim(n.cell_6)) collate Latin1_General_BIN2) + N'x' not
      like N'%.__[^0-9]%' and (ltrim(rtrim(n.cell_6)) collate Latin1_General_BIN2) not like N'%.[0-9][0-9][0-9][0-9]%'
      and (ltrim(rtrim(n.cell_6)) collate Latin1_General_BIN2) not like N'%[0-9][0-9][0-9][0-9]%.%' and (ltrim(rtrim(n.cell_6))
      collate Latin1_General_BIN2) not like N'%,%.%' then case when (ltrim(rtrim(replace(replace((ltrim(rtrim(n.cell_6))
      collate Latin1_General_BIN2), N'.', N''), N',', N'.'))) collate Latin1_General_BIN2) like N'%[0-9]%' and (case
      when left((ltrim(rtrim(replace(replace((ltrim(rtrim(n.cell_6)) collate Latin1_General_BIN2), N'.', N''), N',', N'.')))
      collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(replace(replace((ltrim(rtrim(n.cell_6))
      collate Latin1_General_BIN2), N'.', N''), N',', N'.'))) collate Latin1_General_BIN2), 2, 2147483647)
      else (ltrim(rtrim(replace(replace((ltrim(rtrim(n.cell_6)) collate Latin1_General_BIN2), N'.', N''), N',', N'.')))
      collate Latin1_General_BIN2) end) not like N'%[^0-9.]%' and (ltrim(rtrim(replace(replace((ltrim(rtrim(n.cell_6))
      collate Latin1_General_BIN2), N'.', N''), N',', N'.'))) collate Latin1_General_BIN2) not like N'%.%.%'
      and substring((ltrim(rtrim(replace(replace((ltrim(rtrim(n.cell_6)) collate Latin1_General_BIN2), N'.', N''), N',', N'.')))
      collate Latin1_General_BIN2), charindex(N'.', (ltrim(rtrim(replace(replace((ltrim(rtrim(n.cell_6)) collate Latin1_General_BIN2), N'.',
      N''), N',', N'.'))) collate Latin1_General_BIN2) + N'.') + 1 + 2, 2147483647) not like N'%[^0]%' then try_convert(decimal(18, 2),
      left((ltrim(rtrim(replace(replace((ltrim(rtrim(n.cell_6)) collate Latin1_General_BIN2), N'.', N''), N',', N'.')))
      collate Latin1_General_BIN2), charindex(N'.', (ltrim(rtrim(replace(replace((ltrim(rtrim(n.cell_6)) collate Latin1_General_BIN2), N'.',
      N''), N',', N'.'))) collate Latin1_General_BIN2) + N'.') + 2)) end end) is null then 1 else 0 end),
    (7, N'share', N'decimal(9,4) as 1234.5%', n.cell_7, case when ltrim(rtrim(n.cell_7)) collate Latin1_General_BIN2 <> N'' and (case
      when (ltrim(rtrim(n.cell_7)) collate Latin1_General_BIN2) like N'%[%]' and (ltrim(rtrim(n.cell_7)) collate Latin1_General_BIN2) not
      like N'%[%]_%' and rtrim(replace((ltrim(rtrim(n.cell_7)) collate Latin1_General_BIN2), N'%', N'')) not like N'%[^-+0-9.]%'
      then cast((case when (ltrim(rtrim(rtrim(replace((ltrim(rtrim(n.cell_7)) collate Latin1_General_BIN2), N'%', N''))))
      collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(rtrim(replace((ltrim(rtrim(n.cell_7))
      collate Latin1_General_BIN2), N'%', N'')))) collate Latin1_General_BIN2), 1) in (N'+', N'-')
      then substring((ltrim(rtrim(rtrim(replace((ltrim(rtrim(n.cell_7)) collate Latin1_General_BIN2), N'%', N''))))
      collate Latin1_General_BIN2), 2, 2147483647) else (ltrim(rtrim(rtrim(replace((ltrim(rtrim(n.cell_7)) collate Latin1_General_BIN2),
      N'%', N'')))) collate Latin1_General_BIN2) end) not like N'%[^0-9.]%' and (ltrim(rtrim(rtrim(replace((ltrim(rtrim(n.cell_7))
      collate Latin1_General_BIN2), N'%', N'')))) collate Latin1_General_BIN2) not like N'%.%.%'
      and substring((ltrim(rtrim(rtrim(replace((ltrim(rtrim(n.cell_7)) collate Latin1_General_BIN2), N'%', N''))))
      collate Latin1_General_BIN2), charindex(N'.', (ltrim(rtrim(rtrim(replace((ltrim(rtrim(n.cell_7)) collate Latin1_General_BIN2), N'%',
      N'')))) collate Latin1_General_BIN2) + N'.') + 1 + 2, 2147483647) not like N'%[^0]%' then try_convert(decimal(9, 2),
      left((ltrim(rtrim(rtrim(replace((ltrim(rtrim(n.cell_7)) collate Latin1_General_BIN2), N'%', N'')))) collate Latin1_General_BIN2),
      charindex(N'.', (ltrim(rtrim(rtrim(replace((ltrim(rtrim(n.cell_7)) collate Latin1_General_BIN2), N'%', N''))))
      collate Latin1_General_BIN2) + N'.') + 2)) end) * 0.01 as decimal(9, 4)) end) is null then 1 else 0 end),
    (8, N'rate', N'float as 1 234,5%', n.cell_8, case when ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2 <> N'' and (case
      when (ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2) like N'%[%]' and (ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2) not
      like N'%[%]_%' and rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')) not like N'%[^-+0-9 ,]%' and N'+'
      + rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')) not like N'%[-+]0% %' and N'+'
      + rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')) not like N'%[^0-9] %'
      and rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')) + N'x' not like N'% [^0-9]%'
      and rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')) + N'x' not like N'% _[^0-9]%'
      and rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')) + N'x' not like N'% __[^0-9]%'
      and rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')) not like N'% [0-9][0-9][0-9][0-9]%'
      and rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')) not like N'%[0-9][0-9][0-9][0-9]% %'
      and rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')) not like N'%,% %' then case
      when left((ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')), N' ', N''),
      N',', N'.') + N'e-2')) collate Latin1_General_BIN2), patindex(N'%[eE]%',
      (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',', N'.')
      + N'e-2')) collate Latin1_General_BIN2) + N'e')) like N'%[0-9]%'
      and (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',',
      N'.') + N'e-2')) collate Latin1_General_BIN2) like N'%[0-9.]' and (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(n.cell_8))
      collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',', N'.') + N'e-2')) collate Latin1_General_BIN2) not like N'[-+][^0-9.]%'
      and replace(replace((ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')),
      N' ', N''), N',', N'.') + N'e-2')) collate Latin1_General_BIN2), N'+', N''), N'-', N'') not like N'%[^0-9.eE]%'
      and (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',',
      N'.') + N'e-2')) collate Latin1_General_BIN2) not like N'%[eE]%[0-9][0-9][0-9][0-9]%' and (abs(try_convert(float,
      (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',', N'.')
      + N'e-2')) collate Latin1_General_BIN2))) >= 2.2250738585072014e-308
      or left((ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')), N' ', N''),
      N',', N'.') + N'e-2')) collate Latin1_General_BIN2), patindex(N'%[eE]%',
      (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',', N'.')
      + N'e-2')) collate Latin1_General_BIN2) + N'e')) not like N'%[1-9]%') then try_convert(float,
      (ltrim(rtrim(replace(replace(rtrim(replace((ltrim(rtrim(n.cell_8)) collate Latin1_General_BIN2), N'%', N'')), N' ', N''), N',', N'.')
      + N'e-2')) collate Latin1_General_BIN2)) + 0e0 end end) is null then 1 else 0 end)) c(place, header, type, value, bad)
where c.bad = 1 and n.__erased = 0
order by n.line, c.place
GO

-- configure text
-- qt.create_landed_table
create table data.[texts] (_row_id bigint identity(1, 1) not null, _k8 bigint not null, _key_hash binary(32) not null,
  _row_hash binary(32) not null, _version bigint not null, _deleted bit not null)
GO
-- qt.create_landed_table
create unique clustered index [texts_feed] on data.[texts] (_version, _row_id)
GO
-- qt.create_landed_table
create unique index [texts_key] on data.[texts] (_k8, _key_hash) include(_row_hash, _deleted)
GO
-- qt.create_landed_table
create index [texts_deleted] on data.[texts] (_version)
where _deleted = 1
GO

-- publish text
-- qt.add_columns
alter table data.[texts] add [day] nvarchar(max) null
GO
-- qt.publish with @rows bigint output, @nulls bigint output
select @rows = count_big(*),
  @nulls = isnull(sum(cast(case when 1 = 0 then 1 else 0 end as bigint)), 0)
from staging.[load_run12] s
cross apply (select s.[day] as [day]) v
GO
-- qt.publish with @version bigint, @inserted bigint output
insert into data.[texts] (_k8, _key_hash, _row_hash, _version, _deleted, [day])
select r._k8, r._key_hash, r._row_hash, @version, 0, r.[day]
from (select cast(substring(k._key_hash, 1, 8) as bigint) as _k8, k._key_hash, n._row_hash, n.[day]
  from (select h._row_hash,
      row_number() over (partition by h._row_hash
      order by (select null)) as __n, v.[day]
    from staging.[load_run12] s
    cross apply (select s.[day] as [day]) v
    cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'day:' + cast(datalength(v.[day]
      collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[day] collate Latin1_General_BIN2, N''))) as binary(32)) as _row_hash) h) n
  cross apply (select cast(case when n.__n = 1 then n._row_hash else hashbytes('SHA2_256', cast(cast(substring(n._row_hash, 1, 8) as bigint)
    as nvarchar(20)) + N',' + cast(cast(substring(n._row_hash, 9, 8) as bigint) as nvarchar(20)) + N',' + cast(cast(substring(n._row_hash,
    17, 8) as bigint) as nvarchar(20)) + N',' + cast(cast(substring(n._row_hash, 25, 8) as bigint) as nvarchar(20)) + N',' + cast(n.__n
    as nvarchar(20))) end as binary(32)) as _key_hash) k) r;
set @inserted = @@rowcount;
GO
-- qt.drop_staging
drop table
if exists staging.[load_run12]
GO

-- text to a date
-- qt.change_type with @bad bigint output, @row bigint output
select @bad = count_big(*),
  @row = min(_row_id)
from data.[texts]
where _deleted = 0 and ltrim(rtrim([day])) collate Latin1_General_BIN2 <> N'' and (case when (ltrim(rtrim([day]))
  collate Latin1_General_BIN2) like N'[0-9][0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9]' then try_convert(date, substring((ltrim(rtrim([day]))
  collate Latin1_General_BIN2), 7, 4) + N'-' + substring((ltrim(rtrim([day])) collate Latin1_General_BIN2), 4, 2) + N'-'
  + substring((ltrim(rtrim([day])) collate Latin1_General_BIN2), 1, 2), 23) end) is null
GO
-- qt.change_type
alter table data.[texts] add __new date null
GO
-- qt.change_type
update data.[texts]
set __new = case when (ltrim(rtrim([day])) collate Latin1_General_BIN2) like N'[0-9][0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9]'
  then try_convert(date, substring((ltrim(rtrim([day])) collate Latin1_General_BIN2), 7, 4) + N'-' + substring((ltrim(rtrim([day]))
  collate Latin1_General_BIN2), 4, 2) + N'-' + substring((ltrim(rtrim([day])) collate Latin1_General_BIN2), 1, 2), 23) end
where [day] is not null
GO
-- qt.change_type with @version bigint, @changed bigint output
update data.[texts]
set _version = @version
where _deleted = 0 and [day] is not null and (__new is null or [day] + N'.' <> convert(nvarchar(10), __new, 23) + N'.'
  collate Latin1_General_BIN2);
set @changed = @@rowcount;
GO
-- qt.change_type
alter table data.[texts] drop column [day]
GO
-- qt.change_type with @version bigint
update l
set _row_hash = hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'day:' + cast(datalength(convert(nvarchar(10), l.[day], 23))
  as nvarchar(20)) + N':' + convert(nvarchar(10), l.[day], 23), N'')))
from data.[texts] l
where l._version = @version
GO
