-- Lets the row of an erased key land again, with the next snapshot that has it. An administrator calls it.
create or replace function qt.lift_erasure(dataset_id text, key text)
returns table (lifted bigint) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  -- Ahead, because a statement that finds no erased key would not look at this one.
  hash bytea := (select k.key_hash from qt.find_key(lift_erasure.dataset_id, lift_erasure.key) k limit 1);
begin
  delete from qt.erased_key e where e.dataset_id = lift_erasure.dataset_id and e.key_hash = hash;
  get diagnostics lifted = row_count;
  return next;
end $$;
