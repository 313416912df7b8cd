-- A large table of which two columns get other types, with a load and a purge meanwhile; then a wish that is taken back, and a value that does not convert.
-- Recorded by `npm run golden:tsql` (type-changes-beside): do not edit.

-- to float and date

-- begin
-- qt.create_landed_table
create table data.[change__1] (_row_id bigint identity(4, 1) not null, _k8 bigint not null, _key_hash binary(32) not null,
  _row_hash binary(32) not null, _version bigint not null, _deleted bit not null, [id] nvarchar(max) null, [a_number] float null,
  [a_time] date null)
GO
-- qt.create_landed_table
create unique clustered index [beside_feed] on data.[change__1] (_version, _row_id)
GO
-- qt.create_landed_table
create unique index [beside_key] on data.[change__1] (_k8, _key_hash) include(_row_hash, _deleted)
GO
-- qt.create_landed_table
create index [beside_deleted] on data.[change__1] (_version)
where _deleted = 1
GO

-- copy
-- qt.add_columns
alter table #typed add [a_number] float null
GO
-- qt.add_columns
alter table #typed add [a_time] date null
GO
-- qt.copy_rows with @rows int, @version bigint, @row bigint, @copied bigint output
insert into #typed(__version, __row_id, __k8, __key_hash, __deleted, __differs, [a_number], [a_time])
select top(@rows) l._version, l._row_id, l._k8, l._key_hash, l._deleted, 0,
  case when left((ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2), patindex(N'%[eE]%', (ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2) + N'e')) like N'%[0-9]%' and (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2) like N'%[0-9.]'
    and (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2) not like N'[-+][^0-9.]%' and replace(replace((ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2), N'+', N''), N'-', N'') not like N'%[^0-9.eE]%' and (ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2) not like N'%[eE]%[0-9][0-9][0-9][0-9]%' and (abs(try_convert(float, (ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2))) >= 2.2250738585072014e-308 or left((ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2),
    patindex(N'%[eE]%', (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2) + N'e')) not like N'%[1-9]%') then try_convert(float,
    (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2)) + 0e0 end,
  case when (ltrim(rtrim(l.[a_time])) collate Latin1_General_BIN2) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' then try_convert(date,
    (ltrim(rtrim(l.[a_time])) collate Latin1_General_BIN2), 23) end
from data.[beside] l
where l._version = @version and l._row_id > @row
order by l._version, l._row_id;
set @copied = @@rowcount;
GO
-- qt.copy_rows with @rows int, @version bigint, @copied bigint output
insert into #typed(__version, __row_id, __k8, __key_hash, __deleted, __differs, [a_number], [a_time])
select top(@rows) l._version, l._row_id, l._k8, l._key_hash, l._deleted, 0,
  case when left((ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2), patindex(N'%[eE]%', (ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2) + N'e')) like N'%[0-9]%' and (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2) like N'%[0-9.]'
    and (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2) not like N'[-+][^0-9.]%' and replace(replace((ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2), N'+', N''), N'-', N'') not like N'%[^0-9.eE]%' and (ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2) not like N'%[eE]%[0-9][0-9][0-9][0-9]%' and (abs(try_convert(float, (ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2))) >= 2.2250738585072014e-308 or left((ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2),
    patindex(N'%[eE]%', (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2) + N'e')) not like N'%[1-9]%') then try_convert(float,
    (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2)) + 0e0 end,
  case when (ltrim(rtrim(l.[a_time])) collate Latin1_General_BIN2) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' then try_convert(date,
    (ltrim(rtrim(l.[a_time])) collate Latin1_General_BIN2), 23) end
from data.[beside] l
where l._version > @version
order by l._version, l._row_id;
set @copied = @copied + @@rowcount;
GO
-- qt.copy_rows with @bad bigint output
select @bad = count_big(*)
from #typed t
inner loop join data.[beside] l on l._version = t.__version and l._row_id = t.__row_id
where l._deleted = 0 and (t.[a_number] is null and ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2 <> N'')
GO
-- qt.copy_rows
update t
set __differs = 1
from #typed t
inner loop join data.[beside] l on l._version = t.__version and l._row_id = t.__row_id
where l._deleted = 0 and ((l.[a_number] is not null and (t.[a_number] is null or l.[a_number] + N'.'
  collate Latin1_General_BIN2 <> qt.float_text(t.[a_number]) + N'.' collate Latin1_General_BIN2)) or (l.[a_time] is not null
  and (t.[a_time] is null or l.[a_time] + N'.' collate Latin1_General_BIN2 <> convert(nvarchar(10), t.[a_time], 23) + N'.'
  collate Latin1_General_BIN2)))
GO
-- qt.copy_rows with @version bigint
set identity_insert data.[change__1] on;
insert into data.[change__1] (_row_id, _k8, _key_hash, _row_hash, _version, _deleted, [a_number], [a_time], [id])
select l._row_id, l._k8, l._key_hash,
  case when l._deleted = 0 then cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'a_number:'
    + cast(datalength(convert(nvarchar(40), t.[a_number], 3)) as nvarchar(20)) + N':' + convert(nvarchar(40), t.[a_number], 3), N'')
    + isnull(N'a_time:' + cast(datalength(convert(nvarchar(10), t.[a_time], 23)) as nvarchar(20)) + N':' + convert(nvarchar(10), t.[a_time],
    23), N'') + isnull(N'id:' + cast(datalength(l.[id] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + l.[id]
    collate Latin1_General_BIN2, N''))) as binary(32)) else l._row_hash end, case when t.__differs = 1 then @version else l._version end,
    l._deleted, t.[a_number], t.[a_time], l.[id]
from #typed t
inner loop join data.[beside] l on l._version = t.__version and l._row_id = t.__row_id;
set identity_insert data.[change__1] off;
GO

-- publish of a new column
-- qt.add_columns
alter table data.[beside] add [new] nvarchar(max) null
GO
-- qt.publish with @rows bigint output, @nulls bigint output
select @rows = count_big(*),
  @nulls = isnull(sum(cast(case when v.[id] is null then 1 else 0 end as bigint)), 0)
from staging.[load_run26] s
cross apply (select s.[id] as [id], s.[a number] as [a_number], s.[a time] as [a_time], s.[new] as [new]) v
GO
-- qt.add_columns
alter table #delta add [id] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [a_number] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [a_time] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [new] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.publish
insert into #delta(__change, _k8, _key_hash, _row_hash, [id], [a_number], [a_time], [new])
select case when r._k8 is null then N'D' when l._k8 is null then N'I' when l._deleted = 1 then N'R' else N'U' end,
  isnull(r._k8, l._k8),
  isnull(r._key_hash, l._key_hash), r._row_hash, r.[id], r.[a_number], r.[a_time], r.[new]
from (select cast(substring(h._key_hash, 1, 8) as bigint) as _k8, h._key_hash, h._row_hash, v.[id], v.[a_number], v.[a_time], v.[new]
  from staging.[load_run26] s
  cross apply (select s.[id] as [id], s.[a number] as [a_number], s.[a time] as [a_time], s.[new] as [new]) v
  cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'a_number:' + cast(datalength(v.[a_number]
    collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[a_number] collate Latin1_General_BIN2, N'') + isnull(N'a_time:'
    + cast(datalength(v.[a_time] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[a_time] collate Latin1_General_BIN2, N'')
    + isnull(N'id:' + cast(datalength(v.[id] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[id] collate Latin1_General_BIN2, N'')
    + isnull(N'new:' + cast(datalength(v.[new] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[new] collate Latin1_General_BIN2,
    N''))) as binary(32)) as _row_hash,
      cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'id:' + cast(datalength(v.[id] collate Latin1_General_BIN2)
        as nvarchar(20)) + N':' + v.[id] collate Latin1_General_BIN2, N''))) as binary(32)) as _key_hash) h) r
full join data.[beside] l on l._k8 = r._k8 and l._key_hash = r._key_hash
where (r._k8 is null and l._deleted = 0) or (r._k8 is not null and (l._k8 is null or l._deleted = 1 or l._row_hash <> r._row_hash))
GO
-- qt.publish with @version bigint
update l
set _row_hash = d._row_hash, _version = @version, _deleted = 0, [a_number] = d.[a_number], [a_time] = d.[a_time], [id] = d.[id],
  [new] = d.[new]
from data.[beside] l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash
where d.__change in (N'U', N'R')
GO
-- qt.publish with @version bigint
insert into data.[beside] (_k8, _key_hash, _row_hash, _version, _deleted, [id], [a_number], [a_time], [new])
select r._k8, r._key_hash, r._row_hash, @version, 0, r.[id], r.[a_number], r.[a_time], r.[new]
from #delta r
where r.__change = N'I'
GO
-- qt.publish with @version bigint
update l
set _version = @version, _deleted = 1, [a_number] = null, [a_time] = null
from data.[beside] l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash
where d.__change = N'D'
GO
-- qt.drop_staging
drop table
if exists staging.[load_run26]
GO

-- purge
-- qt.drop_retired
drop table
if exists data.[drift]
GO
-- qt.drop_retired
drop table
if exists data.[refused]
GO
-- qt.drop_retired
drop table
if exists data.[changing]
GO
-- qt.uncopy_rows with @gone bigint output
select @gone = count_big(*)
from data.[change__1] b join data.[beside] l on l._k8 = b._k8 and l._key_hash = b._key_hash
where (l._deleted = 1 and l._version <= 3) and b._deleted = 0;
delete b
from data.[change__1] b join data.[beside] l on l._k8 = b._k8 and l._key_hash = b._key_hash
where (l._deleted = 1 and l._version <= 3)
GO
-- qt.purge with @horizon bigint, @removed bigint output
select @removed = max(_version)
from data.[beside]
where _deleted = 1 and _version <= @horizon;
if @removed is not null
delete
from data.[beside]
where _deleted = 1 and _version <= @horizon;
GO

-- copy what was loaded, and switch
-- qt.complete_copy
alter table data.[change__1] add [new] nvarchar(max) null
GO
-- qt.add_columns
alter table #typed add [a_number] float null
GO
-- qt.add_columns
alter table #typed add [a_time] date null
GO
-- qt.copy_rows with @rows int, @version bigint, @row bigint, @copied bigint output
insert into #typed(__version, __row_id, __k8, __key_hash, __deleted, __differs, [a_number], [a_time])
select top(@rows) l._version, l._row_id, l._k8, l._key_hash, l._deleted, 0,
  case when left((ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2), patindex(N'%[eE]%', (ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2) + N'e')) like N'%[0-9]%' and (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2) like N'%[0-9.]'
    and (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2) not like N'[-+][^0-9.]%' and replace(replace((ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2), N'+', N''), N'-', N'') not like N'%[^0-9.eE]%' and (ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2) not like N'%[eE]%[0-9][0-9][0-9][0-9]%' and (abs(try_convert(float, (ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2))) >= 2.2250738585072014e-308 or left((ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2),
    patindex(N'%[eE]%', (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2) + N'e')) not like N'%[1-9]%') then try_convert(float,
    (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2)) + 0e0 end,
  case when (ltrim(rtrim(l.[a_time])) collate Latin1_General_BIN2) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' then try_convert(date,
    (ltrim(rtrim(l.[a_time])) collate Latin1_General_BIN2), 23) end
from data.[beside] l
where l._version = @version and l._row_id > @row
order by l._version, l._row_id;
set @copied = @@rowcount;
GO
-- qt.copy_rows with @rows int, @version bigint, @copied bigint output
insert into #typed(__version, __row_id, __k8, __key_hash, __deleted, __differs, [a_number], [a_time])
select top(@rows) l._version, l._row_id, l._k8, l._key_hash, l._deleted, 0,
  case when left((ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2), patindex(N'%[eE]%', (ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2) + N'e')) like N'%[0-9]%' and (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2) like N'%[0-9.]'
    and (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2) not like N'[-+][^0-9.]%' and replace(replace((ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2), N'+', N''), N'-', N'') not like N'%[^0-9.eE]%' and (ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2) not like N'%[eE]%[0-9][0-9][0-9][0-9]%' and (abs(try_convert(float, (ltrim(rtrim(l.[a_number]))
    collate Latin1_General_BIN2))) >= 2.2250738585072014e-308 or left((ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2),
    patindex(N'%[eE]%', (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2) + N'e')) not like N'%[1-9]%') then try_convert(float,
    (ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2)) + 0e0 end,
  case when (ltrim(rtrim(l.[a_time])) collate Latin1_General_BIN2) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' then try_convert(date,
    (ltrim(rtrim(l.[a_time])) collate Latin1_General_BIN2), 23) end
from data.[beside] l
where l._version > @version
order by l._version, l._row_id;
set @copied = @copied + @@rowcount;
GO
-- qt.copy_rows with @bad bigint output
select @bad = count_big(*)
from #typed t
inner loop join data.[beside] l on l._version = t.__version and l._row_id = t.__row_id
where l._deleted = 0 and (t.[a_number] is null and ltrim(rtrim(l.[a_number])) collate Latin1_General_BIN2 <> N'')
GO
-- qt.copy_rows
update t
set __differs = 1
from #typed t
inner loop join data.[beside] l on l._version = t.__version and l._row_id = t.__row_id
where l._deleted = 0 and ((l.[a_number] is not null and (t.[a_number] is null or l.[a_number] + N'.'
  collate Latin1_General_BIN2 <> qt.float_text(t.[a_number]) + N'.' collate Latin1_General_BIN2)) or (l.[a_time] is not null
  and (t.[a_time] is null or l.[a_time] + N'.' collate Latin1_General_BIN2 <> convert(nvarchar(10), t.[a_time], 23) + N'.'
  collate Latin1_General_BIN2)))
GO
-- qt.copy_rows with @gone bigint output
select @gone = count_big(*)
from #typed t
inner loop join data.[change__1] b on b._k8 = t.__k8 and b._key_hash = t.__key_hash
where b._deleted = 0;
delete b
from #typed t
inner loop join data.[change__1] b on b._k8 = t.__k8 and b._key_hash = t.__key_hash
GO
-- qt.copy_rows with @version bigint
set identity_insert data.[change__1] on;
insert into data.[change__1] (_row_id, _k8, _key_hash, _row_hash, _version, _deleted, [a_number], [a_time], [id], [new])
select l._row_id, l._k8, l._key_hash,
  case when l._deleted = 0 then cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'a_number:'
    + cast(datalength(convert(nvarchar(40), t.[a_number], 3)) as nvarchar(20)) + N':' + convert(nvarchar(40), t.[a_number], 3), N'')
    + isnull(N'a_time:' + cast(datalength(convert(nvarchar(10), t.[a_time], 23)) as nvarchar(20)) + N':' + convert(nvarchar(10), t.[a_time],
    23), N'') + isnull(N'id:' + cast(datalength(l.[id] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + l.[id]
    collate Latin1_General_BIN2, N'') + isnull(N'new:' + cast(datalength(l.[new] collate Latin1_General_BIN2) as nvarchar(20)) + N':'
    + l.[new] collate Latin1_General_BIN2, N''))) as binary(32)) else l._row_hash end, case when t.__differs = 1 then @version
    else l._version end, l._deleted, t.[a_number], t.[a_time], l.[id], l.[new]
from #typed t
inner loop join data.[beside] l on l._version = t.__version and l._row_id = t.__row_id;
set identity_insert data.[change__1] off;
GO
-- qt.switch_table
drop table data.[beside]
GO
-- qt.switch_table with @version bigint, @changed bit output
select top(1) @changed = 1
from data.[beside]
where _version = @version
GO

-- to text and datetime2

-- begin again
-- qt.create_landed_table
create table data.[change__2] (_row_id bigint identity(5, 1) not null, _k8 bigint not null, _key_hash binary(32) not null,
  _row_hash binary(32) not null, _version bigint not null, _deleted bit not null, [id] nvarchar(max) null, [a_number] nvarchar(max) null,
  [a_time] datetime2(3) null, [new] nvarchar(max) null)
GO
-- qt.create_landed_table
create unique clustered index [beside_feed] on data.[change__2] (_version, _row_id)
GO
-- qt.create_landed_table
create unique index [beside_key] on data.[change__2] (_k8, _key_hash) include(_row_hash, _deleted)
GO
-- qt.create_landed_table
create index [beside_deleted] on data.[change__2] (_version)
where _deleted = 1
GO

-- to float and date

-- drop what is not wanted any more
-- qt.drop_copy
drop table data.[change__2]
GO

-- to bit and date

-- begin a third time
-- qt.create_landed_table
create table data.[change__3] (_row_id bigint identity(5, 1) not null, _k8 bigint not null, _key_hash binary(32) not null,
  _row_hash binary(32) not null, _version bigint not null, _deleted bit not null, [id] nvarchar(max) null, [a_number] bit null,
  [a_time] date null, [new] nvarchar(max) null)
GO
-- qt.create_landed_table
create unique clustered index [beside_feed] on data.[change__3] (_version, _row_id)
GO
-- qt.create_landed_table
create unique index [beside_key] on data.[change__3] (_k8, _key_hash) include(_row_hash, _deleted)
GO
-- qt.create_landed_table
create index [beside_deleted] on data.[change__3] (_version)
where _deleted = 1
GO

-- refuse
-- qt.add_columns
alter table #typed add [a_number] bit null
GO
-- qt.copy_rows with @rows int, @version bigint, @row bigint, @copied bigint output
insert into #typed(__version, __row_id, __k8, __key_hash, __deleted, __differs, [a_number])
select top(@rows) l._version, l._row_id, l._k8, l._key_hash, l._deleted, 0,
  case when lower((ltrim(rtrim(qt.float_text(l.[a_number]))) collate Latin1_General_BIN2)) in (N'true', N'1', N'yes', N'y') then cast(1
    as bit) when lower((ltrim(rtrim(qt.float_text(l.[a_number]))) collate Latin1_General_BIN2)) in (N'false', N'0', N'no', N'n') then cast(0
    as bit) end
from data.[beside] l
where l._version = @version and l._row_id > @row
order by l._version, l._row_id;
set @copied = @@rowcount;
GO
-- qt.copy_rows with @rows int, @version bigint, @copied bigint output
insert into #typed(__version, __row_id, __k8, __key_hash, __deleted, __differs, [a_number])
select top(@rows) l._version, l._row_id, l._k8, l._key_hash, l._deleted, 0,
  case when lower((ltrim(rtrim(qt.float_text(l.[a_number]))) collate Latin1_General_BIN2)) in (N'true', N'1', N'yes', N'y') then cast(1
    as bit) when lower((ltrim(rtrim(qt.float_text(l.[a_number]))) collate Latin1_General_BIN2)) in (N'false', N'0', N'no', N'n') then cast(0
    as bit) end
from data.[beside] l
where l._version > @version
order by l._version, l._row_id;
set @copied = @copied + @@rowcount;
GO
-- qt.copy_rows with @bad bigint output
select @bad = count_big(*)
from #typed t
inner loop join data.[beside] l on l._version = t.__version and l._row_id = t.__row_id
where l._deleted = 0 and (t.[a_number] is null and ltrim(rtrim(qt.float_text(l.[a_number]))) collate Latin1_General_BIN2 <> N'')
GO
-- qt.name_refused_type with @rows bigint output, @row bigint output
select @rows = count_big(*),
  @row = min(l._row_id)
from #typed t
inner loop join data.[beside] l on l._version = t.__version and l._row_id = t.__row_id
where l._deleted = 0 and t.[a_number] is null and ltrim(rtrim(qt.float_text(l.[a_number]))) collate Latin1_General_BIN2 <> N''
GO
-- qt.drop_copy
drop table data.[change__3]
GO
