-- The same without a key.
-- Recorded by `npm run golden:tsql` (hostile-headers-keyless): do not edit.

-- configure
-- qt.create_landed_table
create table data.[keyless] (_row_id bigint identity(1, 1) not null, _k8 bigint not null, _key_hash binary(32) not null,
  _row_hash binary(32) not null, _version bigint not null, _deleted bit not null)
GO
-- qt.create_landed_table
create unique clustered index [keyless_feed] on data.[keyless] (_version, _row_id)
GO
-- qt.create_landed_table
create unique index [keyless_key] on data.[keyless] (_k8, _key_hash) include(_row_hash, _deleted)
GO
-- qt.create_landed_table
create index [keyless_deleted] on data.[keyless] (_version)
where _deleted = 1
GO

-- first publish
-- qt.add_columns
alter table data.[keyless] add [id] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[keyless] add [it_s] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[keyless] add [say_no_] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[keyless] add [_a] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[keyless] add [b_c] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[keyless] add [_100_s] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[keyless] add [_change] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[keyless] add [column_1] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[keyless] add [grosse_] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[keyless] add [column_2] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[keyless] add [_v] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[keyless] add [select] nvarchar(max) null
GO
-- qt.add_columns
alter table data.[keyless] add [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx] nvarchar(max) null
GO
-- qt.publish with @rows bigint output, @nulls bigint output
select @rows = count_big(*),
  @nulls = isnull(sum(cast(case when 1 = 0 then 1 else 0 end as bigint)), 0)
from staging.[load_run6] s
cross apply (select s.[id] as [id], s.[it's] as [it_s], s.[say "no"] as [say_no_], s.[[a] as [_a], s.[b]]c] as [b_c], s.[100 % %s]
  as [_100_s], s.[% Change] as [_change], s.[日本] as [column_1], s.[Größe €] as [grosse_], s.[--] as [column_2], s.[@v] as [_v], s.[select]
  as [select],
  s.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
  as [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]) v
GO
-- qt.publish with @version bigint, @inserted bigint output
insert into data.[keyless] (_k8, _key_hash, _row_hash, _version, _deleted, [id], [it_s], [say_no_], [_a], [b_c], [_100_s], [_change],
  [column_1], [grosse_], [column_2], [_v], [select], [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx])
select r._k8, r._key_hash, r._row_hash, @version, 0, r.[id], r.[it_s], r.[say_no_], r.[_a], r.[b_c], r.[_100_s], r.[_change], r.[column_1],
  r.[grosse_], r.[column_2], r.[_v], r.[select], r.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
from (select cast(substring(k._key_hash, 1, 8) as bigint) as _k8, k._key_hash, n._row_hash, n.[id], n.[it_s], n.[say_no_], n.[_a], n.[b_c],
  n.[_100_s], n.[_change], n.[column_1], n.[grosse_], n.[column_2], n.[_v], n.[select],
  n.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
  from (select h._row_hash,
      row_number() over (partition by h._row_hash
      order by (select null)) as __n, v.[id], v.[it_s], v.[say_no_], v.[_a], v.[b_c], v.[_100_s], v.[_change], v.[column_1], v.[grosse_],
        v.[column_2], v.[_v], v.[select], v.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
    from staging.[load_run6] s
    cross apply (select s.[id] as [id], s.[it's] as [it_s], s.[say "no"] as [say_no_], s.[[a] as [_a], s.[b]]c] as [b_c], s.[100 % %s]
      as [_100_s], s.[% Change] as [_change], s.[日本] as [column_1], s.[Größe €] as [grosse_], s.[--] as [column_2], s.[@v] as [_v],
      s.[select] as [select],
      s.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
      as [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]) v
    cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'_100_s:' + cast(datalength(v.[_100_s]
      collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[_100_s] collate Latin1_General_BIN2, N'') + isnull(N'_a:'
      + cast(datalength(v.[_a] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[_a] collate Latin1_General_BIN2, N'')
      + isnull(N'_change:' + cast(datalength(v.[_change] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[_change]
      collate Latin1_General_BIN2, N'') + isnull(N'_v:' + cast(datalength(v.[_v] collate Latin1_General_BIN2) as nvarchar(20)) + N':'
      + v.[_v] collate Latin1_General_BIN2, N'') + isnull(N'b_c:' + cast(datalength(v.[b_c] collate Latin1_General_BIN2) as nvarchar(20))
      + N':' + v.[b_c] collate Latin1_General_BIN2, N'') + isnull(N'column_1:' + cast(datalength(v.[column_1] collate Latin1_General_BIN2)
      as nvarchar(20)) + N':' + v.[column_1] collate Latin1_General_BIN2, N'') + isnull(N'column_2:' + cast(datalength(v.[column_2]
      collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[column_2] collate Latin1_General_BIN2, N'') + isnull(N'grosse_:'
      + cast(datalength(v.[grosse_] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[grosse_] collate Latin1_General_BIN2, N'')
      + isnull(N'id:' + cast(datalength(v.[id] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[id] collate Latin1_General_BIN2,
      N'') + isnull(N'it_s:' + cast(datalength(v.[it_s] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[it_s]
      collate Latin1_General_BIN2, N'') + isnull(N'say_no_:' + cast(datalength(v.[say_no_] collate Latin1_General_BIN2) as nvarchar(20))
      + N':' + v.[say_no_] collate Latin1_General_BIN2, N'') + isnull(N'select:' + cast(datalength(v.[select] collate Latin1_General_BIN2)
      as nvarchar(20)) + N':' + v.[select] collate Latin1_General_BIN2, N'')
      + isnull(N'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx:'
      + cast(datalength(v.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx] collate Latin1_General_BIN2) as nvarchar(20))
      + N':' + v.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx] collate Latin1_General_BIN2, N''))) as binary(32))
      as _row_hash) h) n
  cross apply (select cast(case when n.__n = 1 then n._row_hash else hashbytes('SHA2_256', cast(cast(substring(n._row_hash, 1, 8) as bigint)
    as nvarchar(20)) + N',' + cast(cast(substring(n._row_hash, 9, 8) as bigint) as nvarchar(20)) + N',' + cast(cast(substring(n._row_hash,
    17, 8) as bigint) as nvarchar(20)) + N',' + cast(cast(substring(n._row_hash, 25, 8) as bigint) as nvarchar(20)) + N',' + cast(n.__n
    as nvarchar(20))) end as binary(32)) as _key_hash) k) r;
set @inserted = @@rowcount;
GO
-- qt.drop_staging
drop table
if exists staging.[load_run6]
GO

-- publish of a change
-- qt.publish with @rows bigint output, @nulls bigint output
select @rows = count_big(*),
  @nulls = isnull(sum(cast(case when 1 = 0 then 1 else 0 end as bigint)), 0)
from staging.[load_run7] s
cross apply (select s.[id] as [id], s.[it's] as [it_s], s.[say "no"] as [say_no_], s.[[a] as [_a], s.[b]]c] as [b_c], s.[100 % %s]
  as [_100_s], s.[% Change] as [_change], s.[日本] as [column_1], s.[Größe €] as [grosse_], s.[--] as [column_2], s.[@v] as [_v], s.[select]
  as [select],
  s.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
  as [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]) v
GO
-- qt.add_columns
alter table #delta add [id] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [it_s] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [say_no_] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [_a] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [b_c] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [_100_s] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [_change] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [column_1] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [grosse_] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [column_2] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [_v] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [select] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.add_columns
alter table #delta add [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx] nvarchar(max) collate Latin1_General_BIN2 null
GO
-- qt.publish
insert into #delta(__change, _k8, _key_hash, _row_hash, [id], [it_s], [say_no_], [_a], [b_c], [_100_s], [_change], [column_1], [grosse_],
  [column_2], [_v], [select], [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx])
select case when r._k8 is null then N'D' when l._k8 is null then N'I' when l._deleted = 1 then N'R' else N'U' end,
  isnull(r._k8, l._k8),
  isnull(r._key_hash, l._key_hash), r._row_hash, r.[id], r.[it_s], r.[say_no_], r.[_a], r.[b_c], r.[_100_s], r.[_change], r.[column_1],
    r.[grosse_], r.[column_2], r.[_v], r.[select], r.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
from (select cast(substring(k._key_hash, 1, 8) as bigint) as _k8, k._key_hash, n._row_hash, n.[id], n.[it_s], n.[say_no_], n.[_a], n.[b_c],
  n.[_100_s], n.[_change], n.[column_1], n.[grosse_], n.[column_2], n.[_v], n.[select],
  n.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
  from (select h._row_hash,
      row_number() over (partition by h._row_hash
      order by (select null)) as __n, v.[id], v.[it_s], v.[say_no_], v.[_a], v.[b_c], v.[_100_s], v.[_change], v.[column_1], v.[grosse_],
        v.[column_2], v.[_v], v.[select], v.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
    from staging.[load_run7] s
    cross apply (select s.[id] as [id], s.[it's] as [it_s], s.[say "no"] as [say_no_], s.[[a] as [_a], s.[b]]c] as [b_c], s.[100 % %s]
      as [_100_s], s.[% Change] as [_change], s.[日本] as [column_1], s.[Größe €] as [grosse_], s.[--] as [column_2], s.[@v] as [_v],
      s.[select] as [select],
      s.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
      as [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]) v
    cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'_100_s:' + cast(datalength(v.[_100_s]
      collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[_100_s] collate Latin1_General_BIN2, N'') + isnull(N'_a:'
      + cast(datalength(v.[_a] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[_a] collate Latin1_General_BIN2, N'')
      + isnull(N'_change:' + cast(datalength(v.[_change] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[_change]
      collate Latin1_General_BIN2, N'') + isnull(N'_v:' + cast(datalength(v.[_v] collate Latin1_General_BIN2) as nvarchar(20)) + N':'
      + v.[_v] collate Latin1_General_BIN2, N'') + isnull(N'b_c:' + cast(datalength(v.[b_c] collate Latin1_General_BIN2) as nvarchar(20))
      + N':' + v.[b_c] collate Latin1_General_BIN2, N'') + isnull(N'column_1:' + cast(datalength(v.[column_1] collate Latin1_General_BIN2)
      as nvarchar(20)) + N':' + v.[column_1] collate Latin1_General_BIN2, N'') + isnull(N'column_2:' + cast(datalength(v.[column_2]
      collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[column_2] collate Latin1_General_BIN2, N'') + isnull(N'grosse_:'
      + cast(datalength(v.[grosse_] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[grosse_] collate Latin1_General_BIN2, N'')
      + isnull(N'id:' + cast(datalength(v.[id] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[id] collate Latin1_General_BIN2,
      N'') + isnull(N'it_s:' + cast(datalength(v.[it_s] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[it_s]
      collate Latin1_General_BIN2, N'') + isnull(N'say_no_:' + cast(datalength(v.[say_no_] collate Latin1_General_BIN2) as nvarchar(20))
      + N':' + v.[say_no_] collate Latin1_General_BIN2, N'') + isnull(N'select:' + cast(datalength(v.[select] collate Latin1_General_BIN2)
      as nvarchar(20)) + N':' + v.[select] collate Latin1_General_BIN2, N'')
      + isnull(N'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx:'
      + cast(datalength(v.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx] collate Latin1_General_BIN2) as nvarchar(20))
      + N':' + v.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx] collate Latin1_General_BIN2, N''))) as binary(32))
      as _row_hash) h) n
  cross apply (select cast(case when n.__n = 1 then n._row_hash else hashbytes('SHA2_256', cast(cast(substring(n._row_hash, 1, 8) as bigint)
    as nvarchar(20)) + N',' + cast(cast(substring(n._row_hash, 9, 8) as bigint) as nvarchar(20)) + N',' + cast(cast(substring(n._row_hash,
    17, 8) as bigint) as nvarchar(20)) + N',' + cast(cast(substring(n._row_hash, 25, 8) as bigint) as nvarchar(20)) + N',' + cast(n.__n
    as nvarchar(20))) end as binary(32)) as _key_hash) k) r
full join data.[keyless] l on l._k8 = r._k8 and l._key_hash = r._key_hash
where (r._k8 is null and l._deleted = 0) or (r._k8 is not null and (l._k8 is null or l._deleted = 1 or l._row_hash <> r._row_hash))
GO
-- qt.publish with @version bigint
update l
set _row_hash = d._row_hash, _version = @version, _deleted = 0, [_100_s] = d.[_100_s], [_a] = d.[_a], [_change] = d.[_change],
  [_v] = d.[_v], [b_c] = d.[b_c], [column_1] = d.[column_1], [column_2] = d.[column_2], [grosse_] = d.[grosse_], [id] = d.[id],
  [it_s] = d.[it_s], [say_no_] = d.[say_no_], [select] = d.[select],
  [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx] = d.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
from data.[keyless] l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash
where d.__change in (N'U', N'R')
GO
-- qt.publish with @version bigint
insert into data.[keyless] (_k8, _key_hash, _row_hash, _version, _deleted, [id], [it_s], [say_no_], [_a], [b_c], [_100_s], [_change],
  [column_1], [grosse_], [column_2], [_v], [select], [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx])
select r._k8, r._key_hash, r._row_hash, @version, 0, r.[id], r.[it_s], r.[say_no_], r.[_a], r.[b_c], r.[_100_s], r.[_change], r.[column_1],
  r.[grosse_], r.[column_2], r.[_v], r.[select], r.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
from #delta r
where r.__change = N'I'
GO
-- qt.publish with @version bigint
update l
set _version = @version, _deleted = 1, [id] = null, [it_s] = null, [say_no_] = null, [_a] = null, [b_c] = null, [_100_s] = null,
  [_change] = null, [column_1] = null, [grosse_] = null, [column_2] = null, [_v] = null, [select] = null,
  [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx] = null
from data.[keyless] l join #delta d on d._k8 = l._k8 and d._key_hash = l._key_hash
where d.__change = N'D'
GO
-- qt.drop_staging
drop table
if exists staging.[load_run7]
GO

-- read
-- qt.changes
declare @deleted bit;
select top(1) @deleted = _deleted
from data.[keyless]
GO
-- qt.changes with @after_version bigint, @after_row bigint, @bound bigint, @limit int
select top(@limit) l._version, l._row_id, l._deleted, l.[id] collate Latin1_General_BIN2 as [id], l.[it_s] collate Latin1_General_BIN2
  as [it_s], l.[say_no_] collate Latin1_General_BIN2 as [say_no_], l.[_a] collate Latin1_General_BIN2 as [_a], l.[b_c]
  collate Latin1_General_BIN2 as [b_c], l.[_100_s] collate Latin1_General_BIN2 as [_100_s], l.[_change] collate Latin1_General_BIN2
  as [_change], l.[column_1] collate Latin1_General_BIN2 as [column_1], l.[grosse_] collate Latin1_General_BIN2 as [grosse_], l.[column_2]
  collate Latin1_General_BIN2 as [column_2], l.[_v] collate Latin1_General_BIN2 as [_v], l.[select] collate Latin1_General_BIN2 as [select],
  l.[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx] collate Latin1_General_BIN2
  as [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
from (select a.*
  from (select top(@limit) _version, _row_id, _deleted, [id], [it_s], [say_no_], [_a], [b_c], [_100_s], [_change], [column_1], [grosse_],
    [column_2], [_v], [select], [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
    from data.[keyless]
    where _version = @after_version and _version <= @bound and _row_id > @after_row
    order by _version, _row_id) a
  union all
  select b.*
  from (select top(@limit) _version, _row_id, _deleted, [id], [it_s], [say_no_], [_a], [b_c], [_100_s], [_change], [column_1], [grosse_],
    [column_2], [_v], [select], [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]
    from data.[keyless]
    where _version > @after_version and _version <= @bound
    order by _version, _row_id) b) l
order by l._version, l._row_id
GO
