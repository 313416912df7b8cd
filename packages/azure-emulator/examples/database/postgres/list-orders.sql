select id, item from dbo.orders order by id;
