-- The version of Quantemplate's that a run asked for; NULL for the latest.
alter table qt.load add source_version integer null;
