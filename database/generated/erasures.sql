-- A row that is erased, a snapshot that has it, and a retired table that is dropped.
-- Recorded by `npm run golden:tsql` (erasures): do not edit.

-- configure
-- qt.create_landed_table
create table data.[erased] (_row_id bigint identity(1, 1) not null, _k8 bigint not null, _key_hash binary(32) not null,
  _row_hash binary(32) not null, _version bigint not null, _deleted bit not null)
GO
-- qt.create_landed_table
create unique clustered index [erased_feed] on data.[erased] (_version, _row_id)
GO
-- qt.create_landed_table
create unique index [erased_key] on data.[erased] (_k8, _key_hash) include(_row_hash, _deleted)
GO
-- qt.create_landed_table
create index [erased_deleted] on data.[erased] (_version)
where _deleted = 1
GO

-- first publish
-- qt.add_columns
alter table data.[erased] add [it_s] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[erased] add [n] int null
GO
-- qt.add_columns
alter table data.[erased] add [column_1] nvarchar(max) null
GO
-- qt.publish with @rows bigint output, @filled bigint output
select @rows = count_big(*),
  @filled = isnull(sum(cast((case when ltrim(rtrim(s.[n])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end) as bigint)), 0)
from staging.[load_run1] s
GO
-- qt.add_columns
alter table #typed add [it_s] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #typed add [n] int null
GO
-- qt.add_columns
alter table #typed add [column_1] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.publish
insert into #typed with(tablock) ([it_s], [n], [column_1])
select s.[it's] as [it_s],
  case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2)) end as [n], s.[%] as [column_1]
from staging.[load_run1] s
GO
-- qt.publish with @valued bigint output, @nulls bigint output
select @valued = isnull(sum(cast((case when v.[n] is null then 0 else 1 end) as bigint)), 0),
  @nulls = isnull(sum(cast(case when v.[it_s] is null or v.[n] is null then 1 else 0 end as bigint)), 0)
from #typed v
GO
-- qt.publish with @version bigint, @inserted bigint output
insert into data.[erased] (_k8, _key_hash, _row_hash, _version, _deleted, [it_s], [n], [column_1])
select r._k8, r._key_hash, r._row_hash, @version, 0, r.[it_s], r.[n], r.[column_1]
from (select cast(substring(h._key_hash, 1, 8) as bigint) as _k8, h._key_hash, h._row_hash, v.[it_s], v.[n], v.[column_1]
  from #typed v
  cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'column_1:' + cast(datalength(v.[column_1]
    collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[column_1] collate Latin1_General_BIN2, N'') + isnull(N'it_s:'
    + cast(datalength(v.[it_s] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[it_s] collate Latin1_General_BIN2, N'')
    + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n])) as nvarchar(20)) + N':' + convert(nvarchar(50), v.[n]), N'')))
    as binary(32)) as _row_hash,
      cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'it_s:' + cast(datalength(v.[it_s] collate Latin1_General_BIN2)
        as nvarchar(20)) + N':' + v.[it_s] collate Latin1_General_BIN2, N'') + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n]))
        as nvarchar(20)) + N':' + convert(nvarchar(50), v.[n]), N''))) as binary(32)) as _key_hash) h) r;
set @inserted = @@rowcount;
GO
-- qt.drop_staging
drop table
if exists staging.[load_run1]
GO

-- erase
-- qt.find_key with @wrong nvarchar(max) output, @hash binary(32) output
select @wrong = case when v.[n] is null then N'n, ' else N'' end + case when v.[it_s] is null then N'it_s, ' else N'' end,
  @hash = hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'it_s:' + cast(datalength(v.[it_s] collate Latin1_General_BIN2)
    as nvarchar(20)) + N':' + v.[it_s] collate Latin1_General_BIN2, N'') + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n]))
    as nvarchar(20)) + N':' + convert(nvarchar(50), v.[n]), N'')))
from (select (select k.value
    from #key k
    where k.name = N'n') as [n],
    (select k.value
    from #key k
    where k.name = N'it_s') as [it_s]) s
cross apply (select case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
  collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
  else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
  collate Latin1_General_BIN2)) end as [n], s.[it_s] as [it_s]) v
GO
-- qt.erase with @hash binary(32), @row bigint output
select @row = _row_id
from data.[erased]
where _k8 = cast(substring(@hash, 1, 8) as bigint) and _key_hash = @hash
GO
-- qt.erase with @dataset_no int, @hash binary(32), @changed bigint output
update data.[erased]
set _row_hash = cast(0x00 as binary(32)), _deleted = 1,
  _version = (select d.published_version + 1
  from qt.dataset d
  where d.dataset_no = @dataset_no),
  [column_1] = null
where _k8 = cast(substring(@hash, 1, 8) as bigint) and _key_hash = @hash and _deleted = 0;
set @changed = @@rowcount;
GO

-- publish of the erased row
-- qt.publish with @rows bigint output, @filled bigint output
select @rows = count_big(*),
  @filled = isnull(sum(cast((case when ltrim(rtrim(s.[n])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end) as bigint)), 0)
from (select s.*
  from staging.[load_run2] s
  where not exists(select *
    from (select s.[it's] as [it_s],
        case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
          collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
          else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
          collate Latin1_General_BIN2)) end as [n]) v join qt.erased_key e on e.key_hash = cast(hashbytes('SHA2_256', (cast(N''
          as nvarchar(max)) + isnull(N'it_s:' + cast(datalength(v.[it_s] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[it_s]
          collate Latin1_General_BIN2, N'') + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n])) as nvarchar(20)) + N':'
          + convert(nvarchar(50), v.[n]), N''))) as binary(32))
    where e.dataset_id = N'it''s')) s
GO
-- qt.add_columns
alter table #typed add [it_s] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #typed add [n] int null
GO
-- qt.add_columns
alter table #typed add [column_1] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.publish
insert into #typed with(tablock) ([it_s], [n], [column_1])
select s.[it's] as [it_s],
  case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2)) end as [n], s.[%] as [column_1]
from (select s.*
  from staging.[load_run2] s
  where not exists(select *
    from (select s.[it's] as [it_s],
        case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
          collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
          else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
          collate Latin1_General_BIN2)) end as [n]) v join qt.erased_key e on e.key_hash = cast(hashbytes('SHA2_256', (cast(N''
          as nvarchar(max)) + isnull(N'it_s:' + cast(datalength(v.[it_s] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[it_s]
          collate Latin1_General_BIN2, N'') + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n])) as nvarchar(20)) + N':'
          + convert(nvarchar(50), v.[n]), N''))) as binary(32))
    where e.dataset_id = N'it''s')) s
GO
-- qt.publish with @valued bigint output, @nulls bigint output
select @valued = isnull(sum(cast((case when v.[n] is null then 0 else 1 end) as bigint)), 0),
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
alter table #delta add [column_1] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.publish
insert into #delta(__change, _k8, _key_hash, _row_hash, [it_s], [n], [column_1])
select case when r._k8 is null then N'D' when l._k8 is null then N'I' when l._deleted = 1 then N'R' else N'U' end,
  isnull(r._k8, l._k8),
  isnull(r._key_hash, l._key_hash), r._row_hash, r.[it_s], r.[n], r.[column_1]
from (select cast(substring(h._key_hash, 1, 8) as bigint) as _k8, h._key_hash, h._row_hash, v.[it_s], v.[n], v.[column_1]
  from #typed v
  cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'column_1:' + cast(datalength(v.[column_1]
    collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[column_1] collate Latin1_General_BIN2, N'') + isnull(N'it_s:'
    + cast(datalength(v.[it_s] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[it_s] collate Latin1_General_BIN2, N'')
    + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n])) as nvarchar(20)) + N':' + convert(nvarchar(50), v.[n]), N'')))
    as binary(32)) as _row_hash,
      cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'it_s:' + cast(datalength(v.[it_s] collate Latin1_General_BIN2)
        as nvarchar(20)) + N':' + v.[it_s] collate Latin1_General_BIN2, N'') + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n]))
        as nvarchar(20)) + N':' + convert(nvarchar(50), v.[n]), N''))) as binary(32)) as _key_hash) h) r
full join data.[erased] l on l._k8 = r._k8 and l._key_hash = r._key_hash
where (r._k8 is null and l._deleted = 0) or (r._k8 is not null and (l._k8 is null or l._deleted = 1 or l._row_hash <> r._row_hash))
GO
-- qt.publish with @version bigint
update l
set _row_hash = d._row_hash, _version = @version, _deleted = 0, [column_1] = d.[column_1], [it_s] = d.[it_s], [n] = d.[n]
from data.[erased] l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash
where d.__change in (N'U', N'R')
GO
-- qt.publish with @version bigint
insert into data.[erased] (_k8, _key_hash, _row_hash, _version, _deleted, [it_s], [n], [column_1])
select r._k8, r._key_hash, r._row_hash, @version, 0, r.[it_s], r.[n], r.[column_1]
from #delta r
where r.__change = N'I'
GO
-- qt.publish with @version bigint
update l
set _version = @version, _deleted = 1, [column_1] = null
from data.[erased] l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash
where d.__change = N'D'
GO
-- qt.drop_staging
drop table
if exists staging.[load_run2]
GO

-- publish of only the erased row
-- qt.publish with @rows bigint output, @filled bigint output
select @rows = count_big(*),
  @filled = isnull(sum(cast((case when ltrim(rtrim(s.[n])) collate Latin1_General_BIN2 <> N'' then 1 else 0 end) as bigint)), 0)
from (select s.*
  from staging.[load_run3] s
  where not exists(select *
    from (select s.[it's] as [it_s],
        case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
          collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
          else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
          collate Latin1_General_BIN2)) end as [n]) v join qt.erased_key e on e.key_hash = cast(hashbytes('SHA2_256', (cast(N''
          as nvarchar(max)) + isnull(N'it_s:' + cast(datalength(v.[it_s] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[it_s]
          collate Latin1_General_BIN2, N'') + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n])) as nvarchar(20)) + N':'
          + convert(nvarchar(50), v.[n]), N''))) as binary(32))
    where e.dataset_id = N'it''s')) s
GO
-- qt.add_columns
alter table #typed add [it_s] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #typed add [n] int null
GO
-- qt.add_columns
alter table #typed add [column_1] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.publish
insert into #typed with(tablock) ([it_s], [n], [column_1])
select s.[it's] as [it_s],
  case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
    else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
    collate Latin1_General_BIN2)) end as [n], s.[%] as [column_1]
from (select s.*
  from staging.[load_run3] s
  where not exists(select *
    from (select s.[it's] as [it_s],
        case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
          collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
          else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
          collate Latin1_General_BIN2)) end as [n]) v join qt.erased_key e on e.key_hash = cast(hashbytes('SHA2_256', (cast(N''
          as nvarchar(max)) + isnull(N'it_s:' + cast(datalength(v.[it_s] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[it_s]
          collate Latin1_General_BIN2, N'') + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n])) as nvarchar(20)) + N':'
          + convert(nvarchar(50), v.[n]), N''))) as binary(32))
    where e.dataset_id = N'it''s')) s
GO
-- qt.publish with @valued bigint output, @nulls bigint output
select @valued = isnull(sum(cast((case when v.[n] is null then 0 else 1 end) as bigint)), 0),
  @nulls = isnull(sum(cast(case when v.[it_s] is null or v.[n] is null then 1 else 0 end as bigint)), 0)
from #typed v
GO
-- qt.publish with @only_erased bit output
if exists(select *
  from staging.[load_run3])
set @only_erased = 1
GO
-- qt.publish
insert into #delta(__change, _k8, _key_hash)
select N'D', l._k8, l._key_hash
from data.[erased] l
where l._deleted = 0
GO
-- qt.publish with @version bigint
update l
set _version = @version, _deleted = 1, [column_1] = null
from data.[erased] l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash
where d.__change = N'D'
GO
-- qt.drop_staging
drop table
if exists staging.[load_run3]
GO

-- lift
-- qt.find_key with @wrong nvarchar(max) output, @hash binary(32) output
select @wrong = case when v.[n] is null then N'n, ' else N'' end + case when v.[it_s] is null then N'it_s, ' else N'' end,
  @hash = hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'it_s:' + cast(datalength(v.[it_s] collate Latin1_General_BIN2)
    as nvarchar(20)) + N':' + v.[it_s] collate Latin1_General_BIN2, N'') + isnull(N'n:' + cast(datalength(convert(nvarchar(50), v.[n]))
    as nvarchar(20)) + N':' + convert(nvarchar(50), v.[n]), N'')))
from (select (select k.value
    from #key k
    where k.name = N'n') as [n],
    (select k.value
    from #key k
    where k.name = N'it_s') as [it_s]) s
cross apply (select case when (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim(s.[n]))
  collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim(s.[n])) collate Latin1_General_BIN2), 2, 2147483647)
  else (ltrim(rtrim(s.[n])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim(s.[n]))
  collate Latin1_General_BIN2)) end as [n], s.[it_s] as [it_s]) v
GO

-- retire

-- retention

-- purge
-- qt.drop_retired
drop table
if exists data.[erased]
GO
