-- Creates the landed table: only its own columns; the snapshot's follow with the publish that brings them.
create or replace function qt.create_landed_table(dataset_no integer)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  landed text := (select format('data.%I', d.table_name) from qt.dataset d where d.dataset_no = create_landed_table.dataset_no);
begin
  execute format('create table %s (_row_id bigint generated always as identity, _key_hash bytea not null,
    _version bigint not null, _deleted boolean not null)', landed);
  execute format('create unique index on %s (_key_hash)', landed);
  execute format('create unique index on %s (_version, _row_id)', landed);
end $$;
