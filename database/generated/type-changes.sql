-- Each type as the old one and as the new one, in a table that holds values.
-- Recorded by `npm run golden:tsql` (type-changes): do not edit.

-- to int and date
-- qt.change_type with @bad bigint output, @row bigint output
select @bad = count_big(*),
  @row = min(_row_id)
from data.[changing]
where _deleted = 0 and ltrim(rtrim([a_number])) collate Latin1_General_BIN2 <> N'' and (case when (ltrim(rtrim([a_number]))
  collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim([a_number])) collate Latin1_General_BIN2), 1) in (N'+',
  N'-') then substring((ltrim(rtrim([a_number])) collate Latin1_General_BIN2), 2, 2147483647) else (ltrim(rtrim([a_number]))
  collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim([a_number]))
  collate Latin1_General_BIN2)) end) is null
GO
-- qt.change_type
alter table data.[changing] add __new int null
GO
-- qt.change_type
update data.[changing]
set __new = case when (ltrim(rtrim([a_number])) collate Latin1_General_BIN2) like N'%[0-9]%' and (case when left((ltrim(rtrim([a_number]))
  collate Latin1_General_BIN2), 1) in (N'+', N'-') then substring((ltrim(rtrim([a_number])) collate Latin1_General_BIN2), 2, 2147483647)
  else (ltrim(rtrim([a_number])) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(int, (ltrim(rtrim([a_number]))
  collate Latin1_General_BIN2)) end
where [a_number] is not null
GO
-- qt.change_type with @version bigint, @changed bigint output
update data.[changing]
set _version = @version
where _deleted = 0 and [a_number] is not null and (__new is null or [a_number] + N'.' <> convert(nvarchar(50), __new) + N'.'
  collate Latin1_General_BIN2);
set @changed = @@rowcount;
GO
-- qt.change_type
alter table data.[changing] drop column [a_number]
GO
-- qt.change_type with @bad bigint output, @row bigint output
select @bad = count_big(*),
  @row = min(_row_id)
from data.[changing]
where _deleted = 0 and ltrim(rtrim([a_time])) collate Latin1_General_BIN2 <> N'' and (case when (ltrim(rtrim([a_time]))
  collate Latin1_General_BIN2) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' then try_convert(date, (ltrim(rtrim([a_time]))
  collate Latin1_General_BIN2), 23) end) is null
GO
-- qt.change_type
alter table data.[changing] add __new date null
GO
-- qt.change_type
update data.[changing]
set __new = case when (ltrim(rtrim([a_time])) collate Latin1_General_BIN2) like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
  then try_convert(date, (ltrim(rtrim([a_time])) collate Latin1_General_BIN2), 23) end
where [a_time] is not null
GO
-- qt.change_type with @version bigint, @changed bigint output
update data.[changing]
set _version = @version
where _deleted = 0 and [a_time] is not null and (__new is null or [a_time] + N'.' <> convert(nvarchar(10), __new, 23) + N'.'
  collate Latin1_General_BIN2);
set @changed = @@rowcount;
GO
-- qt.change_type
alter table data.[changing] drop column [a_time]
GO

-- to bigint and datetime2
-- qt.change_type with @bad bigint output, @row bigint output
select @bad = count_big(*),
  @row = min(_row_id)
from data.[changing]
where _deleted = 0 and ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2 <> N'' and (case
  when (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) like N'%[0-9]%' and (case
  when left((ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2), 1) in (N'+', N'-')
  then substring((ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2), 2, 2147483647)
  else (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(bigint,
  (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2)) end) is null
GO
-- qt.change_type
alter table data.[changing] add __new bigint null
GO
-- qt.change_type
update data.[changing]
set __new = case when (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) like N'%[0-9]%' and (case
  when left((ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2), 1) in (N'+', N'-')
  then substring((ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2), 2, 2147483647)
  else (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) end) not like N'%[^0-9]%' then try_convert(bigint,
  (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2)) end
where [a_number] is not null
GO
-- qt.change_type with @version bigint, @changed bigint output
update data.[changing]
set _version = @version
where _deleted = 0 and [a_number] is not null and (__new is null or convert(nvarchar(50), [a_number]) + N'.' <> convert(nvarchar(50), __new)
  + N'.' collate Latin1_General_BIN2);
set @changed = @@rowcount;
GO
-- qt.change_type
alter table data.[changing] drop column [a_number]
GO
-- qt.change_type with @bad bigint output, @row bigint output
select @bad = count_big(*),
  @row = min(_row_id)
from data.[changing]
where _deleted = 0 and ltrim(rtrim(convert(nvarchar(10), [a_time], 23))) collate Latin1_General_BIN2 <> N'' and (case
  when (ltrim(rtrim(convert(nvarchar(10), [a_time], 23))) collate Latin1_General_BIN2) not like N'%Z_%'
  and (ltrim(rtrim(convert(nvarchar(10), [a_time], 23))) collate Latin1_General_BIN2) not like N'__________Z'
  and (ltrim(rtrim(convert(nvarchar(10), [a_time], 23))) collate Latin1_General_BIN2) not like N'___________2[4-9]%'
  and substring(N'00000000010000010010111111111', len(replace((ltrim(rtrim(convert(nvarchar(10), [a_time], 23)))
  collate Latin1_General_BIN2), N'Z', N'')), 1) = N'1' and replace((ltrim(rtrim(convert(nvarchar(10), [a_time], 23)))
  collate Latin1_General_BIN2), N'Z', N'') + substring(N'0000-00-00T00:00:00.000000000', len(replace((ltrim(rtrim(convert(nvarchar(10),
  [a_time], 23))) collate Latin1_General_BIN2), N'Z', N'')) + 1, 29)
  like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][ T][0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000'
  then try_convert(datetime2(3), left(replace(replace((ltrim(rtrim(convert(nvarchar(10), [a_time], 23))) collate Latin1_General_BIN2), N'Z',
  N''), N'T', N' '), 23), 121) end) is null
GO
-- qt.change_type
alter table data.[changing] add __new datetime2(3) null
GO
-- qt.change_type
update data.[changing]
set __new = case when (ltrim(rtrim(convert(nvarchar(10), [a_time], 23))) collate Latin1_General_BIN2) not like N'%Z_%'
  and (ltrim(rtrim(convert(nvarchar(10), [a_time], 23))) collate Latin1_General_BIN2) not like N'__________Z'
  and (ltrim(rtrim(convert(nvarchar(10), [a_time], 23))) collate Latin1_General_BIN2) not like N'___________2[4-9]%'
  and substring(N'00000000010000010010111111111', len(replace((ltrim(rtrim(convert(nvarchar(10), [a_time], 23)))
  collate Latin1_General_BIN2), N'Z', N'')), 1) = N'1' and replace((ltrim(rtrim(convert(nvarchar(10), [a_time], 23)))
  collate Latin1_General_BIN2), N'Z', N'') + substring(N'0000-00-00T00:00:00.000000000', len(replace((ltrim(rtrim(convert(nvarchar(10),
  [a_time], 23))) collate Latin1_General_BIN2), N'Z', N'')) + 1, 29)
  like N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][ T][0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000000'
  then try_convert(datetime2(3), left(replace(replace((ltrim(rtrim(convert(nvarchar(10), [a_time], 23))) collate Latin1_General_BIN2), N'Z',
  N''), N'T', N' '), 23), 121) end
where [a_time] is not null
GO
-- qt.change_type with @version bigint, @changed bigint output
update data.[changing]
set _version = @version
where _deleted = 0 and [a_time] is not null and (__new is null or convert(nvarchar(10), [a_time], 23)
  + N'.' <> left(replace(convert(nvarchar(30), __new, 121), N' ', N'T') + case when charindex(N'.', replace(convert(nvarchar(30), __new,
  121), N' ', N'T')) = 0 then N'.' else N'' end + N'000', 23) + N'.' collate Latin1_General_BIN2);
set @changed = @@rowcount;
GO
-- qt.change_type
alter table data.[changing] drop column [a_time]
GO
-- qt.change_type with @version bigint
update l
set _row_hash = hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'a_number:' + cast(datalength(convert(nvarchar(50),
  l.[a_number])) as nvarchar(20)) + N':' + convert(nvarchar(50), l.[a_number]), N'') + isnull(N'a_time:'
  + cast(datalength(left(replace(convert(nvarchar(30), l.[a_time], 121), N' ', N'T') + case when charindex(N'.',
  replace(convert(nvarchar(30), l.[a_time], 121), N' ', N'T')) = 0 then N'.' else N'' end + N'000', 23)) as nvarchar(20)) + N':'
  + left(replace(convert(nvarchar(30), l.[a_time], 121), N' ', N'T') + case when charindex(N'.', replace(convert(nvarchar(30), l.[a_time],
  121), N' ', N'T')) = 0 then N'.' else N'' end + N'000', 23), N'') + isnull(N'id:' + cast(datalength(l.[id] collate Latin1_General_BIN2)
  as nvarchar(20)) + N':' + l.[id] collate Latin1_General_BIN2, N'')))
from data.[changing] l
where l._version = @version
GO

-- to decimal(10,2) and text
-- qt.change_type with @bad bigint output, @row bigint output
select @bad = count_big(*),
  @row = min(_row_id)
from data.[changing]
where _deleted = 0 and ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2 <> N'' and (case
  when (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) like N'%[0-9]%' and (case
  when left((ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2), 1) in (N'+', N'-')
  then substring((ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2), 2, 2147483647)
  else (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) end) not like N'%[^0-9.]%'
  and (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) not like N'%.%.%'
  and substring((ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2), charindex(N'.',
  (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) + N'.') + 1 + 2, 2147483647) not like N'%[^0]%'
  then try_convert(decimal(10, 2), left((ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2), charindex(N'.',
  (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) + N'.') + 2)) end) is null
GO
-- qt.change_type
alter table data.[changing] add __new decimal(10, 2) null
GO
-- qt.change_type
update data.[changing]
set __new = case when (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) like N'%[0-9]%' and (case
  when left((ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2), 1) in (N'+', N'-')
  then substring((ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2), 2, 2147483647)
  else (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) end) not like N'%[^0-9.]%'
  and (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) not like N'%.%.%'
  and substring((ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2), charindex(N'.',
  (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) + N'.') + 1 + 2, 2147483647) not like N'%[^0]%'
  then try_convert(decimal(10, 2), left((ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2), charindex(N'.',
  (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) + N'.') + 2)) end
where [a_number] is not null
GO
-- qt.change_type with @version bigint, @changed bigint output
update data.[changing]
set _version = @version
where _deleted = 0 and [a_number] is not null and (__new is null or convert(nvarchar(50), [a_number]) + N'.' <> convert(nvarchar(50), __new)
  + N'.' collate Latin1_General_BIN2);
set @changed = @@rowcount;
GO
-- qt.change_type
alter table data.[changing] drop column [a_number]
GO
-- qt.change_type with @version bigint
update l
set _row_hash = hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'a_number:' + cast(datalength(convert(nvarchar(50),
  l.[a_number])) as nvarchar(20)) + N':' + convert(nvarchar(50), l.[a_number]), N'') + isnull(N'a_time:'
  + cast(datalength(left(replace(convert(nvarchar(30), l.[a_time], 121), N' ', N'T') + case when charindex(N'.',
  replace(convert(nvarchar(30), l.[a_time], 121), N' ', N'T')) = 0 then N'.' else N'' end + N'000', 23)) as nvarchar(20)) + N':'
  + left(replace(convert(nvarchar(30), l.[a_time], 121), N' ', N'T') + case when charindex(N'.', replace(convert(nvarchar(30), l.[a_time],
  121), N' ', N'T')) = 0 then N'.' else N'' end + N'000', 23), N'') + isnull(N'id:' + cast(datalength(l.[id] collate Latin1_General_BIN2)
  as nvarchar(20)) + N':' + l.[id] collate Latin1_General_BIN2, N'')))
from data.[changing] l
where l._version = @version
GO
-- qt.change_type with @bad bigint output, @row bigint output
select @bad = count_big(*),
  @row = min(_row_id)
from data.[changing]
where _deleted = 0 and ltrim(rtrim(left(replace(convert(nvarchar(30), [a_time], 121), N' ', N'T') + case when charindex(N'.',
  replace(convert(nvarchar(30), [a_time], 121), N' ', N'T')) = 0 then N'.' else N'' end + N'000', 23))) collate Latin1_General_BIN2 <> N''
  and (left(replace(convert(nvarchar(30), [a_time], 121), N' ', N'T') + case when charindex(N'.', replace(convert(nvarchar(30), [a_time],
  121), N' ', N'T')) = 0 then N'.' else N'' end + N'000', 23)) is null
GO
-- qt.change_type
alter table data.[changing] add __new nvarchar(max) null
GO
-- qt.change_type
update data.[changing]
set __new = left(replace(convert(nvarchar(30), [a_time], 121), N' ', N'T') + case when charindex(N'.', replace(convert(nvarchar(30),
  [a_time], 121), N' ', N'T')) = 0 then N'.' else N'' end + N'000', 23)
where [a_time] is not null
GO
-- qt.change_type with @version bigint, @changed bigint output
update data.[changing]
set _version = @version
where _deleted = 0 and [a_time] is not null and (__new is null or left(replace(convert(nvarchar(30), [a_time], 121), N' ', N'T') + case
  when charindex(N'.', replace(convert(nvarchar(30), [a_time], 121), N' ', N'T')) = 0 then N'.' else N'' end + N'000', 23) + N'.' <> __new
  + N'.' collate Latin1_General_BIN2);
set @changed = @@rowcount;
GO
-- qt.change_type
alter table data.[changing] drop column [a_time]
GO

-- to float and text
-- qt.change_type with @bad bigint output, @row bigint output
select @bad = count_big(*),
  @row = min(_row_id)
from data.[changing]
where _deleted = 0 and ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2 <> N'' and (case
  when left((ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2), patindex(N'%[eE]%',
  (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) + N'e')) like N'%[0-9]%'
  and (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) like N'%[0-9.]' and (ltrim(rtrim(convert(nvarchar(50),
  [a_number]))) collate Latin1_General_BIN2) not like N'[-+][^0-9.]%' and replace(replace((ltrim(rtrim(convert(nvarchar(50), [a_number])))
  collate Latin1_General_BIN2), N'+', N''), N'-', N'') not like N'%[^0-9.eE]%' and (ltrim(rtrim(convert(nvarchar(50), [a_number])))
  collate Latin1_General_BIN2) not like N'%[eE]%[0-9][0-9][0-9][0-9]%' and (abs(try_convert(float, (ltrim(rtrim(convert(nvarchar(50),
  [a_number]))) collate Latin1_General_BIN2))) >= 2.2250738585072014e-308 or left((ltrim(rtrim(convert(nvarchar(50), [a_number])))
  collate Latin1_General_BIN2), patindex(N'%[eE]%', (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2)
  + N'e')) not like N'%[1-9]%') then try_convert(float, (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2))
  + 0e0 end) is null
GO
-- qt.change_type
alter table data.[changing] add __new float null
GO
-- qt.change_type
update data.[changing]
set __new = case when left((ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2), patindex(N'%[eE]%',
  (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) + N'e')) like N'%[0-9]%'
  and (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2) like N'%[0-9.]' and (ltrim(rtrim(convert(nvarchar(50),
  [a_number]))) collate Latin1_General_BIN2) not like N'[-+][^0-9.]%' and replace(replace((ltrim(rtrim(convert(nvarchar(50), [a_number])))
  collate Latin1_General_BIN2), N'+', N''), N'-', N'') not like N'%[^0-9.eE]%' and (ltrim(rtrim(convert(nvarchar(50), [a_number])))
  collate Latin1_General_BIN2) not like N'%[eE]%[0-9][0-9][0-9][0-9]%' and (abs(try_convert(float, (ltrim(rtrim(convert(nvarchar(50),
  [a_number]))) collate Latin1_General_BIN2))) >= 2.2250738585072014e-308 or left((ltrim(rtrim(convert(nvarchar(50), [a_number])))
  collate Latin1_General_BIN2), patindex(N'%[eE]%', (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2)
  + N'e')) not like N'%[1-9]%') then try_convert(float, (ltrim(rtrim(convert(nvarchar(50), [a_number]))) collate Latin1_General_BIN2)) + 0e0
  end
where [a_number] is not null
GO
-- qt.change_type with @version bigint, @changed bigint output
update data.[changing]
set _version = @version
where _deleted = 0 and [a_number] is not null and (__new is null or convert(nvarchar(50), [a_number]) + N'.' <> qt.float_text(__new) + N'.'
  collate Latin1_General_BIN2);
set @changed = @@rowcount;
GO
-- qt.change_type
alter table data.[changing] drop column [a_number]
GO
-- qt.change_type with @version bigint
update l
set _row_hash = hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'a_number:' + cast(datalength(convert(nvarchar(40),
  l.[a_number], 3)) as nvarchar(20)) + N':' + convert(nvarchar(40), l.[a_number], 3), N'') + isnull(N'a_time:' + cast(datalength(l.[a_time]
  collate Latin1_General_BIN2) as nvarchar(20)) + N':' + l.[a_time] collate Latin1_General_BIN2, N'') + isnull(N'id:'
  + cast(datalength(l.[id] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + l.[id] collate Latin1_General_BIN2, N'')))
from data.[changing] l
where l._version = @version or l.[a_number] is not null
GO

-- to bit and text
-- qt.change_type with @bad bigint output, @row bigint output
select @bad = count_big(*),
  @row = min(_row_id)
from data.[changing]
where _deleted = 0 and ltrim(rtrim(qt.float_text([a_number]))) collate Latin1_General_BIN2 <> N'' and (case
  when lower((ltrim(rtrim(qt.float_text([a_number]))) collate Latin1_General_BIN2)) in (N'true', N'1', N'yes', N'y') then cast(1 as bit)
  when lower((ltrim(rtrim(qt.float_text([a_number]))) collate Latin1_General_BIN2)) in (N'false', N'0', N'no', N'n') then cast(0
  as bit) end) is null
GO
-- qt.change_type
alter table data.[changing] add __new bit null
GO
-- qt.change_type
update data.[changing]
set __new = case when lower((ltrim(rtrim(qt.float_text([a_number]))) collate Latin1_General_BIN2)) in (N'true', N'1', N'yes', N'y')
  then cast(1 as bit) when lower((ltrim(rtrim(qt.float_text([a_number]))) collate Latin1_General_BIN2)) in (N'false', N'0', N'no', N'n')
  then cast(0 as bit) end
where [a_number] is not null
GO
-- qt.change_type with @version bigint, @changed bigint output
update data.[changing]
set _version = @version
where _deleted = 0 and [a_number] is not null and (__new is null or qt.float_text([a_number]) + N'.' <> case(__new) when 1 then N'true'
  when 0 then N'false' end + N'.' collate Latin1_General_BIN2);
set @changed = @@rowcount;
GO
-- qt.change_type
alter table data.[changing] drop column [a_number]
GO
-- qt.change_type with @version bigint
update l
set _row_hash = hashbytes('SHA2_256', (cast(N'' as nvarchar(max)) + isnull(N'a_number:' + cast(datalength(case(l.[a_number]) when 1
  then N'true' when 0 then N'false' end) as nvarchar(20)) + N':' + case(l.[a_number]) when 1 then N'true' when 0 then N'false' end, N'')
  + isnull(N'a_time:' + cast(datalength(l.[a_time] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + l.[a_time]
  collate Latin1_General_BIN2, N'') + isnull(N'id:' + cast(datalength(l.[id] collate Latin1_General_BIN2) as nvarchar(20)) + N':' + l.[id]
  collate Latin1_General_BIN2, N'')))
from data.[changing] l
where l._version = @version or l.[a_number] is not null
GO

-- to text and text
-- qt.change_type with @bad bigint output, @row bigint output
select @bad = count_big(*),
  @row = min(_row_id)
from data.[changing]
where _deleted = 0 and ltrim(rtrim(case([a_number]) when 1 then N'true' when 0 then N'false' end)) collate Latin1_General_BIN2 <> N''
  and (case([a_number]) when 1 then N'true' when 0 then N'false' end) is null
GO
-- qt.change_type
alter table data.[changing] add __new nvarchar(max) null
GO
-- qt.change_type
update data.[changing]
set __new = case([a_number]) when 1 then N'true' when 0 then N'false' end
where [a_number] is not null
GO
-- qt.change_type with @version bigint, @changed bigint output
update data.[changing]
set _version = @version
where _deleted = 0 and [a_number] is not null and (__new is null or case([a_number]) when 1 then N'true' when 0 then N'false' end
  + N'.' <> __new + N'.' collate Latin1_General_BIN2);
set @changed = @@rowcount;
GO
-- qt.change_type
alter table data.[changing] drop column [a_number]
GO

-- from text, with a value that does not convert
