create schema if not exists dbo;
create table dbo.orders (id int generated always as identity primary key, item text not null);
