-- The cells and keys that loads were refused for. No message, log or other table has them; only the role auditor reads here.
create table qt.refused_value (
  refused_no bigint identity(1, 1) not null constraint refused_value_key primary key,
  run_id     nvarchar(64) collate Latin1_General_BIN2 not null,
  dataset_no int not null constraint refused_value_dataset references qt.dataset (dataset_no),
  line       bigint not null,
  header     nvarchar(128) collate Latin1_General_BIN2 not null,
  kind       nvarchar(60) collate Latin1_General_BIN2 not null,
  value      nvarchar(400) collate Latin1_General_BIN2 not null,
  at         datetime2(6) not null constraint refused_value_at_default default sysutcdatetime()
);
create index refused_value_run on qt.refused_value (run_id);
-- What earlier loads were refused for stands in their messages.
update qt.[load] set error = left(error, charindex(N'QT4012: ', error) + 7) + N'The snapshot has the same key more than once.'
where charindex(N'QT4012: ', error) > 0;
update qt.[load] set error = left(error, charindex(N'QT4015: ', error) + 7) + N'The snapshot has values that do not convert.'
where charindex(N'QT4015: ', error) > 0;
