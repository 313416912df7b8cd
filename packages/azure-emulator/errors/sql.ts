import type { ErrorCatalogue } from "../../kit/errors/error-entry";

export const sqlErrors = {
  QT6101: {
    what: "The emulated SQL endpoint does not run this T-SQL: {statement}",
    safe: "Nothing was executed; the open transaction, if any, is as it was.",
    next: "The embedded PostgreSQL runs {sqlFiles}, procedure calls and transactions only. For any other T-SQL, {useSqlServer}.",
  },
  QT6102: {
    what: "PostgreSQL cannot run as root, and its user `{user}` cannot reach {folder}.",
    safe: "Nothing was written there.",
    next: "Run as an ordinary user, or allow others to pass through the folder: `chmod o+x {folder}`.",
  },
  QT6103: {
    what: "PostgreSQL did not start: {reason}",
    safe: "The data below {folder} is untouched.",
    next: "Read {log}. To begin with empty databases, {reset}.",
  },
  QT6105: {
    what: "The T-SQL file tsql/{file} has no twin at postgres/{file}.",
    safe: "Nothing was executed.",
    next: "Write the PostgreSQL file with the same name, or {useSqlServer}.",
  },
  QT6106: {
    what: "There is no SQL server {server} in the emulator.",
    safe: "Nothing was executed.",
    next: "Check the address against the outputs of the stack. If the server is missing, {deploy}.",
  },
  QT6107: {
    what: "The SQL server {server} has no database {database}.",
    safe: "Nothing was executed.",
    next: "Check the name against the outputs of the stack. If the database is missing, {deploy}.",
  },
  QT6108: {
    what: "PostgreSQL has no binaries for {platform}.",
    safe: "Nothing was changed.",
    next: "Use Linux (glibc), macOS or Windows, or {useSqlServer}.",
  },
  QT6110: {
    what: "DelimitedTextColumnNameNotAllowNull: the name of column {column} in the CSV header is empty.",
    safe: "No table was made and no row was written.",
    next: "Give every column a name at the source, then {runAgain}.",
  },
  QT6111: {
    what: "DelimitedTextDuplicateColumnName: the CSV header names `{name}` twice (columns {first} and {second}).",
    safe: "No table was made and no row was written.",
    next: "Rename one of the columns at the source, then {runAgain}.",
  },
  QT6112: {
    what: "DelimitedTextMoreColumnsThanDefined: line {line} of the CSV has more values than the header has columns ({columns}).",
    safe: "The copy was rolled back: no table and no row remains.",
    next: "Check the quoting of that line in the source, and that the file is separated by commas; then {runAgain}.",
  },
  QT6113: {
    what: "DelimitedTextFewerColumnsThanDefined: line {line} of the CSV has fewer values than the header has columns ({columns}).",
    safe: "The copy was rolled back: no table and no row remains.",
    next: "Check that line in the source (a cut download ends like this), then {runAgain}.",
  },
  QT6114: {
    what: "DelimitedTextBadQuote: a quoted value of the CSV is not closed; the record begins at line {line}.",
    safe: "The copy was rolled back: no table and no row remains.",
    next: "Check the quotes from that line on (a cut download ends like this), then {runAgain}.",
  },
  QT6115: {
    what: "DelimitedTextInvalidContent: line {line} of the CSV cannot be read: {reason}",
    safe: "The copy was rolled back: no table and no row remains.",
    next: "The source must be UTF-8 and RFC 4180: a value that holds a quote, a comma or a line break is quoted, and its quotes are doubled. Correct it, then {runAgain}.",
  },
  QT6116: {
    what: "The CSV stream broke off after {bytes} bytes: {reason}",
    safe: "The copy was rolled back: no table and no row remains.",
    next: "Try again: {runAgain}.",
  },
  QT6117: {
    what: "The CSV header has {columns} columns; Azure SQL holds at most {limit} in a table.",
    safe: "No table was made and no row was written.",
    next: "Drop columns at the source, then {runAgain}.",
  },
  QT6118: {
    what: "The table {table} does not exist and the copy may not create it.",
    safe: "No row was written.",
    next: "Set `tableOption` of the copy sink to `autoCreate`, or create the table first.",
  },
  QT6119: {
    what: "The table {table} has no column for the CSV column `{column}`.",
    safe: "No row was written.",
    next: "Drop the table before the copy (pre-copy script), or correct the mapping.",
  },
  QT6120: {
    what: "The SQL Server {server} cannot be used: {reason}",
    safe: "Nothing was changed there.",
    next: "Check that it runs, and the {serverUrl}: host, user, password, and `trustServerCertificate=true` if its certificate is self-signed. Then try again.",
  },
  QT6121: {
    what: "The name of column {column} in the CSV header has {length} characters; a column of Azure SQL has at most {limit}.",
    safe: "No table was made and no row was written.",
    next: "Shorten the name at the source, then {runAgain}.",
  },
  QT6122: {
    what: "Row {record} of the CSV needs {bytes} bytes in its table; Azure SQL has {limit} (error 511: Cannot create a row of size {bytes} which is greater than the allowable maximum row size of {limit}).",
    safe: "The copy was rolled back: no table and no row remains.",
    next: "Drop columns at the source, or split the file, then {runAgain}. About 308 columns of filled text fit.",
  },
  QT6123: {
    what: "Line {line} of the CSV does not fit into a row of the embedded database: {reason}",
    safe: "The copy was rolled back: no table and no row remains.",
    next: "Azure SQL may hold it. Start with the {serverUrl} of a SQL Server, or drop columns at the source.",
  },
  QT9021: {
    what: "The {serverUrl} cannot be read: {reason}.",
    safe: "Nothing was started.",
    next: "Write it as {form}",
  },
  QT9022: {
    what: "The emulator in {folder} has its databases on {before}, not on {after}.",
    safe: "Nothing was started; the databases are as they were.",
    next: "To continue there, {keepServer}. To remove them, {undeploy}. To leave them, {otherFolder}.",
  },
  QT9023: {
    what: "The emulator in {folder} has its databases in the embedded PostgreSQL.",
    safe: "Nothing was started; the databases are as they were.",
    next: "Before you name a server, {undeploy}; or {otherFolder}.",
  },
} as const satisfies ErrorCatalogue;
