-- Two retired datasets whose table names are released: one that never published, and one whose rows stay.
-- Recorded by `npm run golden:tsql` (releases): do not edit.

-- configure
-- qt.create_landed_table
create table data.[empty] (_row_id bigint identity(1, 1) not null, _k8 bigint not null, _key_hash binary(32) not null,
  _row_hash binary(32) not null, _version bigint not null, _deleted bit not null)
GO
-- qt.create_landed_table
create unique clustered index [empty_feed] on data.[empty] (_version, _row_id)
GO
-- qt.create_landed_table
create unique index [empty_key] on data.[empty] (_k8, _key_hash) include(_row_hash, _deleted)
GO
-- qt.create_landed_table
create index [empty_deleted] on data.[empty] (_version)
where _deleted = 1
GO
-- qt.create_landed_table
create table data.[published] (_row_id bigint identity(1, 1) not null, _k8 bigint not null, _key_hash binary(32) not null,
  _row_hash binary(32) not null, _version bigint not null, _deleted bit not null)
GO
-- qt.create_landed_table
create unique clustered index [published_feed] on data.[published] (_version, _row_id)
GO
-- qt.create_landed_table
create unique index [published_key] on data.[published] (_k8, _key_hash) include(_row_hash, _deleted)
GO
-- qt.create_landed_table
create index [published_deleted] on data.[published] (_version)
where _deleted = 1
GO

-- first publish
-- qt.add_columns
alter table data.[published] add [id] nvarchar(max) null
GO
-- qt.publish with @rows bigint output, @nulls bigint output
select @rows = count_big(*),
  @nulls = isnull(sum(cast(case when 1 = 0 then 1 else 0 end as bigint)), 0)
from staging.[load_run27] s
cross apply (select s.[id] as [id]) v
GO
-- qt.publish with @version bigint, @inserted bigint output
insert into data.[published] (_k8, _key_hash, _row_hash, _version, _deleted, [id])
select r._k8, r._key_hash, r._row_hash, @version, 0, r.[id]
from (select cast(substring(k._key_hash, 1, 8) as bigint) as _k8, k._key_hash, n._row_hash, n.[id]
  from (select h._row_hash,
      row_number() over (partition by h._row_hash
      order by (select null)) as __n, v.[id]
    from staging.[load_run27] s
    cross apply (select s.[id] as [id]) v
    cross apply (select cast(hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'id:' + cast(datalength(v.[id]
      collate Latin1_General_BIN2) as nvarchar(20)) + N':' + v.[id] collate Latin1_General_BIN2, N''))) as binary(32)) as _row_hash) h) n
  cross apply (select cast(case when n.__n = 1 then n._row_hash else hashbytes('SHA2_256', cast(cast(substring(n._row_hash, 1, 8) as bigint)
    as nvarchar(20)) + N',' + cast(cast(substring(n._row_hash, 9, 8) as bigint) as nvarchar(20)) + N',' + cast(cast(substring(n._row_hash,
    17, 8) as bigint) as nvarchar(20)) + N',' + cast(cast(substring(n._row_hash, 25, 8) as bigint) as nvarchar(20)) + N',' + cast(n.__n
    as nvarchar(20))) end as binary(32)) as _key_hash) k) r;
set @inserted = @@rowcount;
GO
-- qt.drop_staging
drop table
if exists staging.[load_run27]
GO

-- retire

-- never published
-- qt.release_table
drop table data.[empty]
GO

-- published
