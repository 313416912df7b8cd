-- A change of type that is being made beside its dataset's table, in data.change__<change_no>.
create table qt.type_change (
  dataset_no     int not null constraint type_change_key primary key constraint type_change_dataset references qt.dataset (dataset_no),
  change_no      int identity(1, 1) not null,
  wanted         nvarchar(max) collate Latin1_General_BIN2 not null,               -- the columns with their old and new types
  begun_version  bigint not null,                                                  -- published_version when it began
  version        bigint not null,                                                  -- that of the rows whose text in the feed changes
  copied_version bigint not null constraint type_change_copied_version default 0,  -- how far it is
  copied_row     bigint not null constraint type_change_copied_row default 0,
  copied_rows    bigint not null constraint type_change_copied_rows default 0      -- live rows that the copy has
);
exec(N'create procedure qt.change_types as select 0 as stub');
exec(N'create procedure qt.complete_copy as select 0 as stub');
exec(N'create procedure qt.copy_rows as select 0 as stub');
exec(N'create procedure qt.switch_table as select 0 as stub');
exec(N'create procedure qt.drop_copy as select 0 as stub');
exec(N'create procedure qt.uncopy_rows as select 0 as stub');
exec(N'create procedure qt.name_refused_type as select 0 as stub');
exec(N'create function qt.refused_type (@header nvarchar(128), @dataset_id nvarchar(200), @type nvarchar(20), @rows bigint, @row bigint) returns nvarchar(2000) as begin return null end');
