/**
 * The longest name of a table or column, in bytes: database/tsql/repeatable/physical-name.sql cuts names there. PostgreSQL, and so
 * many destinations, cut at 63.
 */
export const MAX_NAME_BYTES = 60;
