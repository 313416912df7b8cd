import type { ErrorEntry } from "./error-entry";

export const sqlErrors = {
  QT6101: {
    what: "The local SQL endpoint does not run this T-SQL: {statement}",
    safe: "Nothing was executed; the open transaction, if any, is as it was.",
    next:
      "The embedded PostgreSQL runs the files of database/tsql/, procedure calls and transactions only. " +
      "For any other T-SQL use a real SQL Server (`--database`).",
  },
  QT6102: {
    what: "PostgreSQL cannot run as root, and its user `{user}` cannot reach {folder}.",
    safe: "Nothing was written there.",
    next: "Run as an ordinary user, or allow others to pass through the folder: `chmod o+x {folder}`.",
  },
  QT6103: {
    what: "PostgreSQL did not start: {reason}",
    safe: "The data below {folder} is untouched.",
    next: "Read {log}; `npm run local -- reset` starts with an empty database.",
  },
  QT6105: {
    what: "The file database/tsql/{file} has no twin at database/postgres/{file}.",
    safe: "Nothing was executed.",
    next: "Write the PostgreSQL file of the same name, or use a real SQL Server (`--database`).",
  },
  QT6106: {
    what: "There is no SQL server {server} in the stand-in.",
    safe: "Nothing was executed.",
    next: "Deploy it with `npm run local -- up`, or check the address in the stack's output `sqlServer`.",
  },
  QT6107: {
    what: "The SQL server {server} has no database {database}.",
    safe: "Nothing was executed.",
    next: "Deploy it with `npm run local -- up`, or check the stack's output `sqlDatabase`.",
  },
  QT6108: {
    what: "PostgreSQL has no binaries for {platform}.",
    safe: "Nothing was changed.",
    next: "Use Linux (glibc), macOS or Windows, or use a real SQL Server (`--database`).",
  },
  QT6110: {
    what: "DelimitedTextColumnNameNotAllowNull: the name of column {column} in the CSV header is empty.",
    safe: "No table was made and no row was written.",
    next: "Give every column of the dataset a name in Quantemplate, then run the load again.",
  },
  QT6111: {
    what: "DelimitedTextDuplicateColumnName: the CSV header names `{name}` twice (columns {first} and {second}).",
    safe: "No table was made and no row was written.",
    next: "Rename one of the columns in Quantemplate, then run the load again.",
  },
  QT6112: {
    what: "DelimitedTextMoreColumnsThanDefined: line {line} of the CSV has more values than the header has columns ({columns}).",
    safe: "The copy was rolled back: no table and no row of it remains.",
    next: "Check the quoting of that line in the source, then run the load again.",
  },
  QT6113: {
    what: "DelimitedTextFewerColumnsThanDefined: line {line} of the CSV has fewer values than the header has columns ({columns}).",
    safe: "The copy was rolled back: no table and no row of it remains.",
    next: "Check that line in the source (a cut download ends like this), then run the load again.",
  },
  QT6114: {
    what: "DelimitedTextBadQuote: a quoted value of the CSV is not closed; the record begins at line {line}.",
    safe: "The copy was rolled back: no table and no row of it remains.",
    next: "Check the quotes from that line on (a cut download ends like this), then run the load again.",
  },
  QT6115: {
    what: "DelimitedTextInvalidContent: line {line} of the CSV cannot be read: {reason}",
    safe: "The copy was rolled back: no table and no row of it remains.",
    next: "The source must be UTF-8 and RFC 4180 with one kind of line end; correct it, then run the load again.",
  },
  QT6116: {
    what: "The CSV stream broke off after {bytes} bytes: {reason}",
    safe: "The copy was rolled back: no table and no row of it remains.",
    next: "Run the load again; the next DatasetUpdated event does so too.",
  },
  QT6117: {
    what: "The CSV header has {columns} columns; Azure SQL holds at most {limit} in a table.",
    safe: "No table was made and no row was written.",
    next: "Drop columns from the dataset in Quantemplate, then run the load again.",
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
    next:
      "Check that it runs, and the URL of `--database`: host, user, password, and `trustServerCertificate=true` where its certificate " +
      "is self-signed. Then run the same command again.",
  },
} satisfies Record<string, ErrorEntry>;
