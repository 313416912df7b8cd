-- The cells and keys that loads were refused for. No message, log or other table has them; only the role auditor reads here.
create table qt.refused_value (
  refused_no bigint generated always as identity primary key,
  run_id     text not null,
  dataset_no integer not null references qt.dataset,
  line       bigint not null,
  header     text not null,
  kind       text not null,
  value      text not null,
  at         timestamptz not null default clock_timestamp()
);
create index refused_value_run on qt.refused_value (run_id);
-- What earlier loads were refused for stands in their messages.
update qt.load set error = split_part(error, 'QT4012: ', 1) || 'QT4012: The snapshot has the same key more than once.' where strpos(error, 'QT4012: ') > 0;
update qt.load set error = split_part(error, 'QT4015: ', 1) || 'QT4015: The snapshot has values that do not convert.' where strpos(error, 'QT4015: ') > 0;
