-- Creates the landed table: only its own columns; the snapshot's follow with the publish that brings them.
create or replace function qt.create_landed_table(dataset_no integer)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  landed text := (select format('data.%I', d.table_name) from qt.dataset d where d.dataset_no = create_landed_table.dataset_no);
begin
  execute format('create table %s (_row_id bigint generated always as identity, _key_hash bytea not null,
    _version bigint not null, _deleted boolean not null)', landed);
  perform qt.index_landed(landed);
end $$;

create or replace function qt.index_landed(landed text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format('create unique index on %s (_key_hash)', landed);
  execute format('create unique index on %s (_version, _row_id)', landed);
  -- What a purge looks for.
  execute format('create index on %s (_version) where _deleted', landed);
end $$;

-- Replacing a function keeps its parameters' names.
drop function if exists qt.build_landed(text, text, text[], bigint);

-- Makes the landed table anew of the rows of a first publish, and indexes it afterwards. Rows are numbered by their place in the staging
-- table, which parallel workers know of each by itself.
create or replace function qt.build_landed(landed text, source text, columns text[], version bigint)
returns bigint language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  rows bigint;
  next_row bigint;
begin
  execute format('drop table %s', landed);
  execute format('create table %s as select __place as _row_id, _key_hash, %s::bigint as _version, false as _deleted, %s from (%s) s',
    landed, version, array_to_string(columns, ', '), source);
  get diagnostics rows = row_count;
  perform qt.index_landed(landed);
  execute format('select max(_row_id) + 1 from %s where _version = $1', landed) into next_row using version;
  execute format('alter table %1$s alter _row_id set not null, alter _key_hash set not null,
    alter _version set not null, alter _deleted set not null', landed);
  execute format('alter table %s alter _row_id add generated always as identity (start with %s)', landed, next_row);
  return rows;
end $$;
