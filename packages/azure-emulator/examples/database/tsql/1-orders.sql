CREATE TABLE dbo.orders (id int IDENTITY PRIMARY KEY, item nvarchar(100) NOT NULL);
