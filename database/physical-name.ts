/**
 * Longest name of a table or column, in bytes: database/tsql/repeatable/physical-name.sql cuts there. PostgreSQL, and with it many a
 * destination, cuts at 63.
 */
export const MAX_NAME_BYTES = 60;
