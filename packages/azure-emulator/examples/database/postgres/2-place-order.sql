create function dbo.place_order(item text) returns void language sql as $$
  insert into dbo.orders (item) values (item)
$$;
