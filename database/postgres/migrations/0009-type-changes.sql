-- A change of type that is being made beside its dataset's table, in data.change__<change_no>.
create table qt.type_change (
  dataset_no     integer not null primary key references qt.dataset,
  change_no      integer generated always as identity,
  wanted         text not null,              -- the columns with their old and new types
  begun_version  bigint not null,            -- published_version when it began
  version        bigint not null,            -- that of the rows whose text in the feed changes
  copied_version bigint not null default 0,  -- how far it is
  copied_row     bigint not null default 0,
  copied_rows    bigint not null default 0   -- live rows that the copy has
);
