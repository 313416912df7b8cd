CREATE PROCEDURE dbo.place_order @item nvarchar(100) AS
INSERT INTO dbo.orders (item) VALUES (@item);
