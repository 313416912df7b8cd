-- The schemas belong to users who cannot log in. Procedures that say EXECUTE AS OWNER run as qt_owner, whose rights end at the three
-- schemas and creating tables in them.
create user qt_owner without login;
alter authorization on schema::qt to qt_owner;
alter authorization on schema::data to qt_owner;
-- staging has an owner of its own. The loader may alter its tables, so also give one a trigger; were their owner that of qt and data, the
-- trigger could reach those by ownership chaining. For the same reason no procedure of ours inserts, updates or deletes in staging.
create user qt_staging without login;
alter authorization on schema::staging to qt_staging;
grant control on schema::staging to qt_owner;
grant create table to qt_owner;
create role loader authorization dbo;
create role reader authorization dbo;
