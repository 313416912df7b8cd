-- How the texts of a column are written, if not in the plain form: a format of days and times as declared, or 1,234.5% with the declared signs.
alter table qt.dataset_type add format text null;
alter table qt.dataset_column add format text null;
-- By column, how many filled cells of the snapshot became NULL, as JSON; NULL if none did.
alter table qt.load add emptied text null;
