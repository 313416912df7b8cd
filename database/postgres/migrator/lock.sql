-- One migrator at a time; held until the transaction ends.
do $$
begin
  perform pg_advisory_xact_lock(hashtextextended('qt:migrate', 0));
end $$;
