-- Ends a run that could not publish. A run that is unknown or was published is left alone: this is clean-up and must not fail.
-- The publish rolled back what it knew of refused values, and its message does not name them: here they are found again, while the staging
-- table is still there.
create or replace function qt.fail_load(run_id text, error text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  update qt.load l set status = 'failed', ended_at = clock_timestamp(), error = left(fail_load.error, 4000)
  where l.run_id = fail_load.run_id and l.status = 'loading';
  if found and to_regclass(format('staging.%I', qt.staging_name(fail_load.run_id))) is not null then
    begin
      if strpos(fail_load.error, 'QT4012: ') > 0 then
        insert into qt.refused_value (run_id, dataset_no, line, header, kind, value)
        select l.run_id, l.dataset_no, t.line, t.header, 'more than once', left(coalesce(t.value, ''), 400)
        from qt.load l, qt.duplicate_keys(l.run_id) t where l.run_id = fail_load.run_id order by t.line, t.place;
      elsif strpos(fail_load.error, 'QT4015: ') > 0 then
        insert into qt.refused_value (run_id, dataset_no, line, header, kind, value)
        select l.run_id, l.dataset_no, b.line, b.header, 'is not ' || b.type, left(b.value, 400)
        from qt.load l, qt.bad_values(l.run_id) b where l.run_id = fail_load.run_id order by b.line, b.place;
      end if;
    exception when others then
      -- Without them the load has failed all the same.
      null;
    end;
  end if;
  if exists (select from qt.load l where l.run_id = fail_load.run_id and l.status = 'failed') then
    perform qt.drop_staging(fail_load.run_id);
  end if;
end $$;
