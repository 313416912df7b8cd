SELECT id, item FROM dbo.orders ORDER BY id;
