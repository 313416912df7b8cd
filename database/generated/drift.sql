-- Columns that come and go, a snapshot that is empty, a run that fails, and the purge of what was deleted.
-- Recorded by `npm run golden:tsql` (drift): do not edit.

-- configure
-- qt.create_landed_table
create table data.[drift] (_row_id bigint identity(1, 1) not null, _k8 bigint not null, _key_hash binary(32) not null,
  _row_hash binary(32) not null, _version bigint not null, _deleted bit not null)
GO
-- qt.create_landed_table
create unique clustered index [drift_feed] on data.[drift] (_version, _row_id)
GO
-- qt.create_landed_table
create unique index [drift_key] on data.[drift] (_k8, _key_hash) include(_row_hash, _deleted)
GO
-- qt.create_landed_table
create index [drift_deleted] on data.[drift] (_version)
where _deleted = 1
GO

-- first publish
-- qt.add_columns
alter table data.[drift] add [id] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[drift] add [a] nvarchar(max) null
GO
-- qt.publish with @rows bigint output, @nulls bigint output
select @rows = count_big(*),
  @nulls = isnull(sum(cast(case when v.[id] is null then 1 else 0 end as bigint)), 0)
from staging.[load_run13] s
cross apply (select s.[id] as [id], s.[a] as [a]) v
GO
-- qt.publish with @version bigint, @inserted bigint output
insert into data.[drift] (_k8, _key_hash, _row_hash, _version, _deleted, [id], [a])
select r._k8, r._key_hash, r._row_hash, @version, 0, r.[id], r.[a]
from (select cast(substring(h._key_hash, 1, 8) as bigint) as _k8, h._key_hash, h._row_hash, v.[id], v.[a]
  from staging.[load_run13] s
  cross apply (select s.[id] as [id], s.[a] as [a]) v
  cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'a:' + cast(datalength(v.[a]
    collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[a] collate Latin1_General_BIN2, N'') + isnull(N'id:' + cast(datalength(v.[id]
    collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[id] collate Latin1_General_BIN2, N''))) as binary(32)) as _row_hash,
      cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'id:' + cast(datalength(v.[id] collate Latin1_General_BIN2)
        as nvarchar(20)) + N':' + v.[id] collate Latin1_General_BIN2, N''))) as binary(32)) as _key_hash) h) r;
set @inserted = @@rowcount;
GO
-- qt.drop_staging
drop table
if exists staging.[load_run13]
GO

-- publish of a new column
-- qt.add_columns
alter table data.[drift] add [n] int null
GO
-- qt.publish with @rows bigint output, @filled bigint output
select @rows = count_big(*),
  @filled = isnull(sum(cast((case when ltrim(rtrim(s.[n])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end) as bigint)), 0)
from staging.[load_run14] s
GO
-- qt.add_columns
alter table #typed add [id] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #typed add [a] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #typed add [n] int null
GO
-- qt.publish
insert into #typed with(tablock) ([id], [a], [n])
select s.[id] as [id], s.[a] as [a],
  case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2)) end as [n]
from staging.[load_run14] s
GO
-- qt.publish with @valued bigint output, @nulls bigint output
select @valued = isnull(sum(cast((case when v.[n] is null then 0 else 1 end) as bigint)), 0),
  @nulls = isnull(sum(cast(case when v.[id] is null then 1 else 0 end as bigint)), 0)
from #typed v
GO
-- qt.add_columns
alter table #delta add [id] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [a] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [n] int null
GO
-- qt.publish
insert into #delta(__change, _k8, _key_hash, _row_hash, [id], [a], [n])
select case when r._k8 is null then N'D' when l._k8 is null then N'I' when l._deleted = 1 then N'R' else N'U' end,
  isnull(r._k8, l._k8),
  isnull(r._key_hash, l._key_hash), r._row_hash, r.[id], r.[a], r.[n]
from (select cast(substring(h._key_hash, 1, 8) as bigint) as _k8, h._key_hash, h._row_hash, v.[id], v.[a], v.[n]
  from #typed v
  cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'a:' + cast(datalength(v.[a]
    collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[a] collate Latin1_General_BIN2, N'') + isnull(N'id:' + cast(datalength(v.[id]
    collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[id] collate Latin1_General_BIN2, N'') + isnull(N'n:'
    + cast(datalength(convert(nvarchar(50), v.[n])) as nvarchar(20)) + N':' + convert(nvarchar(50), v.[n]), N''))) as binary(32))
    as _row_hash,
      cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'id:' + cast(datalength(v.[id] collate Latin1_General_BIN2)
        as nvarchar(20)) + N':' + v.[id] collate Latin1_General_BIN2, N''))) as binary(32)) as _key_hash) h) r
full join data.[drift] l on l._k8 = r._k8 and l._key_hash = r._key_hash
where (r._k8 is null and l._deleted = 0) or (r._k8 is not null and (l._k8 is null or l._deleted = 1 or l._row_hash <> r._row_hash))
GO
-- qt.publish with @version bigint
update l
set _row_hash = d._row_hash, _version = @version, _deleted = 0, [a] = d.[a], [id] = d.[id], [n] = d.[n]
from data.[drift] l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash
where d.__change in (N'U', N'R')
GO
-- qt.publish with @version bigint
insert into data.[drift] (_k8, _key_hash, _row_hash, _version, _deleted, [id], [a], [n])
select r._k8, r._key_hash, r._row_hash, @version, 0, r.[id], r.[a], r.[n]
from #delta r
where r.__change = N'I'
GO
-- qt.publish with @version bigint
update l
set _version = @version, _deleted = 1, [a] = null
from data.[drift] l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash
where d.__change = N'D'
GO
-- qt.drop_staging
drop table
if exists staging.[load_run14]
GO

-- publish without a column
-- qt.publish with @rows bigint output, @filled bigint output
select @rows = count_big(*),
  @filled = isnull(sum(cast((case when ltrim(rtrim(s.[n])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end) as bigint)), 0)
from staging.[load_run15] s
GO
-- qt.add_columns
alter table #typed add [id] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #typed add [n] int null
GO
-- qt.publish
insert into #typed with(tablock) ([id], [n])
select s.[id] as [id],
  case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2)) end as [n]
from staging.[load_run15] s
GO
-- qt.publish with @valued bigint output, @nulls bigint output
select @valued = isnull(sum(cast((case when v.[n] is null then 0 else 1 end) as bigint)), 0),
  @nulls = isnull(sum(cast(case when v.[id] is null then 1 else 0 end as bigint)), 0)
from #typed v
GO
-- qt.add_columns
alter table #delta add [id] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [n] int null
GO
-- qt.publish
insert into #delta(__change, _k8, _key_hash, _row_hash, [id], [n])
select case when r._k8 is null then N'D' when l._k8 is null then N'I' when l._deleted = 1 then N'R' else N'U' end,
  isnull(r._k8, l._k8),
  isnull(r._key_hash, l._key_hash), r._row_hash, r.[id], r.[n]
from (select cast(substring(h._key_hash, 1, 8) as bigint) as _k8, h._key_hash, h._row_hash, v.[id], v.[n]
  from #typed v
  cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'id:' + cast(datalength(v.[id]
    collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[id] collate Latin1_General_BIN2, N'') + isnull(N'n:'
    + cast(datalength(convert(nvarchar(50), v.[n])) as nvarchar(20)) + N':' + convert(nvarchar(50), v.[n]), N''))) as binary(32))
    as _row_hash,
      cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'id:' + cast(datalength(v.[id] collate Latin1_General_BIN2)
        as nvarchar(20)) + N':' + v.[id] collate Latin1_General_BIN2, N''))) as binary(32)) as _key_hash) h) r
full join data.[drift] l on l._k8 = r._k8 and l._key_hash = r._key_hash
where (r._k8 is null and l._deleted = 0) or (r._k8 is not null and (l._k8 is null or l._deleted = 1 or l._row_hash <> r._row_hash))
GO
-- qt.publish with @version bigint
update l
set _row_hash = d._row_hash, _version = @version, _deleted = 0, [a] = null, [id] = d.[id], [n] = d.[n]
from data.[drift] l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash
where d.__change in (N'U', N'R')
GO
-- qt.publish with @version bigint
insert into data.[drift] (_k8, _key_hash, _row_hash, _version, _deleted, [id], [n])
select r._k8, r._key_hash, r._row_hash, @version, 0, r.[id], r.[n]
from #delta r
where r.__change = N'I'
GO
-- qt.publish with @version bigint
update l
set _version = @version, _deleted = 1, [a] = null, [n] = null
from data.[drift] l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash
where d.__change = N'D'
GO
-- qt.drop_staging
drop table
if exists staging.[load_run15]
GO

-- publish of an empty snapshot
-- qt.publish with @rows bigint output, @filled bigint output
select @rows = count_big(*),
  @filled = isnull(sum(cast((case when ltrim(rtrim(s.[n])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end) as bigint)), 0)
from staging.[load_run16] s
GO
-- qt.add_columns
alter table #typed add [id] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #typed add [n] int null
GO
-- qt.publish
insert into #typed with(tablock) ([id], [n])
select s.[id] as [id],
  case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2)) end as [n]
from staging.[load_run16] s
GO
-- qt.publish with @valued bigint output, @nulls bigint output
select @valued = isnull(sum(cast((case when v.[n] is null then 0 else 1 end) as bigint)), 0),
  @nulls = isnull(sum(cast(case when v.[id] is null then 1 else 0 end as bigint)), 0)
from #typed v
GO
-- qt.publish
insert into #delta(__change, _k8, _key_hash)
select N'D', l._k8, l._key_hash
from data.[drift] l
where l._deleted = 0
GO
-- qt.publish with @version bigint
update l
set _version = @version, _deleted = 1, [a] = null, [n] = null
from data.[drift] l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash
where d.__change = N'D'
GO
-- qt.drop_staging
drop table
if exists staging.[load_run16]
GO

-- second try of a copy
-- qt.reset_staging
truncate table staging.[load_run17]
GO

-- failed run
-- qt.drop_staging
drop table
if exists staging.[load_run17]
GO

-- purge
-- qt.drop_retired
drop table
if exists data.[it_s_100_]
GO
-- qt.drop_retired
drop table
if exists data.[keyless]
GO
-- qt.drop_retired
drop table
if exists data.[types]
GO
-- qt.drop_retired
drop table
if exists data.[formats]
GO
-- qt.drop_retired
drop table
if exists data.[texts]
GO
-- qt.purge with @horizon bigint, @removed bigint output
select @removed = max(_version)
from data.[drift]
where _deleted = 1 and _version <= @horizon;
if @removed is not null
delete
from data.[drift]
where _deleted = 1 and _version <= @horizon;
GO
