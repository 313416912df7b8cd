-- The version of Quantemplate's that a run asked for; NULL for the latest.
alter table qt.load add source_version integer null;
-- Whether it may be older than what is published.
alter table qt.load add allow_older boolean not null default false;
