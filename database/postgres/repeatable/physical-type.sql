-- A declared type as this database's type; an error for anything else.
create or replace function qt.physical_type(type text)
returns text language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  part text[];
begin
  case type
    when 'text', 'int', 'bigint', 'date' then return type;
    when 'float' then return 'double precision';
    when 'bit' then return 'boolean';
    when 'datetime2' then return 'timestamp(3)';
    else
      part := regexp_match(type, '^decimal\(([1-9][0-9]?),(0|[1-9][0-9]?)\)$');
      if part is null or part[1]::int > 38 or part[2]::int > part[1]::int then
        raise exception 'QT4023: % is not a type. Use text, int, bigint, decimal(p,s) with p up to 38, float, bit, date or datetime2.', type;
      end if;
      return format('numeric(%s,%s)', part[1], part[2]);
  end case;
end $$;
