-- The schemas belong to a user who cannot log in. Procedures that say EXECUTE AS OWNER run as this user, whose rights end at the three
-- schemas and creating tables in them.
create user qt_owner without login;
alter authorization on schema::qt to qt_owner;
alter authorization on schema::data to qt_owner;
alter authorization on schema::staging to qt_owner;
grant create table to qt_owner;
create role loader authorization dbo;
create role reader authorization dbo;
