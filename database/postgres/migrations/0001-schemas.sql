create schema if not exists data;
create schema if not exists staging;
