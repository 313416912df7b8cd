import type { ErrorCatalogue } from "../packages/kit/errors/error-entry";

const nothingErased = "No row was erased or let in again.";
const nothingPublished = "Nothing was published: the table and the feed are as they were.";
const nothingConfigured = "Nothing was changed: the database keeps its configuration.";

/**
 * The procedures of database/ raise QT4001 to QT4039 (THROW number 54001 to 54039), each with its own text that names the
 * values; the migrator raises QT4035, QT4036, and QT4040 and up.
 */
export const databaseErrors = {
  QT4001: {
    what: "Run {run} is not known to the database.",
    safe: nothingPublished,
    next: "Start the pipeline again from the beginning: a rerun from a failed activity has a new run id that no BeginLoad registered.",
  },
  QT4002: {
    what: "Run {run} already ended as {status}.",
    safe: nothingPublished,
    next: "Start the pipeline again from the beginning.",
  },
  QT4003: {
    what: "Dataset {dataset} is not configured.",
    safe: nothingPublished,
    next: "Add it to quantemplate:datasets and run `pulumi up`, or set quantemplate:unknownDatasets to land.",
  },
  QT4004: {
    what: "Run {run} already loads another dataset.",
    safe: nothingPublished,
    next: "Start a new run for this dataset.",
  },
  QT4005: {
    what: '"{run}" is not a run id.',
    safe: nothingPublished,
    next: "Pass the pipeline's run id: letters, digits and dashes, at most 50.",
  },
  QT4006: {
    what: "The snapshot of dataset {dataset} begins with {header}, which looks like {format}, not like a CSV with commas.",
    safe: nothingPublished,
    next: "Look at the dataset's export in Quantemplate: a header with the columns' names, separated by commas. Then load it again.",
  },
  QT4007: {
    what: 'In dataset {dataset} the header {header} would take the place of {other} in the column "{column}".',
    safe: nothingPublished,
    next: "Name them in the dataset's `columns` in Pulumi.<tenant>.yaml and run `pulumi up`: each with a column of its own, or the new one with this column if it replaces the other. Then load it again.",
  },
  QT4008: {
    what: "Version {version} of dataset {dataset} may be older than what is published: {published}.",
    safe: nothingPublished,
    next: "If you want it, run `npm run load -- {dataset} --version {version} --allow-older`.",
  },
  QT4009: {
    what: "Table {table} is not one of a dataset that landed unasked or is retired.",
    safe: "Nothing was changed.",
    next: "If it is configured, remove it from quantemplate:datasets and run `pulumi up` first.",
  },
  QT4010: {
    what: "The snapshot of dataset {dataset} is empty.",
    safe: nothingPublished,
    next: "If that is right, run `npm run load -- {dataset} --allow-shrink` once, or set guards.allowEmpty.",
  },
  QT4011: {
    what: "The snapshot of dataset {dataset} lost {lost} of {live} rows, more than its guard of {percent} percent.",
    safe: nothingPublished,
    next: "If that is right, run `npm run load -- {dataset} --allow-shrink` once.",
  },
  QT4012: {
    what: "The snapshot has the same key ({columns}) more than once: {lines}.",
    safe: nothingPublished,
    next: "An auditor finds the keys in qt.refused_value (docs/personal-data.md). Correct it in Quantemplate, or configure the columns that identify a row and give the dataset a new table name.",
  },
  QT4013: {
    what: "{rows} rows in the snapshot of dataset {dataset} have no value in a key column ({columns}), the first in line {lines}.",
    safe: nothingPublished,
    next: "Fill it in Quantemplate, or configure the columns that identify a row and give the dataset a new table name.",
  },
  QT4014: {
    what: "The snapshot of dataset {dataset} lacks the key column {column}; it has {headers}.",
    safe: nothingPublished,
    next: "Restore the column in Quantemplate, or configure another key and give the dataset a new table name.",
  },
  QT4015: {
    what: "The snapshot has values that do not convert: {cells}.",
    safe: nothingPublished,
    next: "An auditor finds the values in qt.refused_value (docs/personal-data.md). Correct them in Quantemplate, or set onError to null for the column. A value lands exactly or not at all: a datetime2 takes milliseconds at most, a decimal the digits of its scale.",
  },
  QT4016: {
    what: 'The headers {first} and {second} would both become the column "{column}".',
    safe: nothingPublished,
    next: "Name them in the dataset's `columns` and run `pulumi up`, or rename one of them in Quantemplate. Two headers that SQL Server itself takes for the same name (they differ only in case, width or a trailing blank), and a header of more than 128 characters, never get this far: CopyDataset fails first, with the server's error 2705 or 103.",
  },
  QT4017: {
    what: 'The header {header} would become the column "{column}", which is a reserved name.',
    safe: nothingPublished,
    next: "Name it in the dataset's `columns` and run `pulumi up`, or rename it in Quantemplate.",
  },
  QT4018: {
    what: "With this snapshot, dataset {dataset} would have {columns} columns, counting those that are no longer sent; a table holds at most 1017.",
    safe: nothingPublished,
    next: "Remove columns in Quantemplate, or give the dataset a new table name.",
  },
  QT4019: {
    what: "The snapshot of dataset {dataset} lacks {missing} of the last one's {last} columns, and {added} of its own {columns} are new: more than its guard of {percent} percent.",
    safe: nothingPublished,
    next: "Look at the header in Quantemplate (a lost header row looks like this). If it is right, run `npm run load -- {dataset} --allow-shrink` once.",
  },
  QT4020: {
    what: "The dataset configuration is not valid: {reason}.",
    safe: nothingConfigured,
    next: "Correct quantemplate:datasets in Pulumi.<tenant>.yaml and run `pulumi up`.",
  },
  QT4021: {
    what: "The key of dataset {dataset} cannot change in table {table}: its rows would become other rows.",
    safe: nothingConfigured,
    next: "Keep the key, or give the dataset a new table name; the old table stays.",
  },
  QT4022: {
    what: "Table {table} belongs to another dataset.",
    safe: nothingConfigured,
    next: "Use a new table name. If that dataset is not configured, an administrator of the database can release the name: `npm run load -- --release {table}`.",
  },
  QT4023: {
    what: "{type} is not a type.",
    safe: nothingConfigured,
    next: "Use text, int, bigint, decimal(p,s) with p up to 38, float, bit, date or datetime2.",
  },
  QT4024: {
    what: "Column {column} of dataset {dataset} cannot become {type}: at least {rows} of its rows hold something else, the first with _row_id {row}.",
    safe: "The table keeps its rows and the type, and loads go on with it. If the table is small, no other setting was changed either.",
    next: "Look at the row (`select {column} from data.<table> where _row_id = {row}`). Correct it in Quantemplate and load it, keep the type, set onError to null so that such values become NULL, or use a new table name; then run `pulumi up`.",
  },
  QT4025: {
    what: 'Dataset {dataset} declares "{first}" and "{second}", which are the same column, or a column without a usable name, or one that it excludes.',
    safe: nothingConfigured,
    next: "Keep one declaration; a header needs a letter or digit, or a name in the dataset's `columns`.",
  },
  QT4026: {
    what: "Every column of the snapshot of dataset {dataset} is excluded, so nothing would land.",
    safe: nothingPublished,
    next: "Take one out of the dataset's `exclude` and run `pulumi up`, or look at the header in Quantemplate. Then load it again.",
  },
  QT4027: {
    what: 'Column "{column}" of dataset {dataset} has a format that {type} cannot have.',
    safe: nothingConfigured,
    next: "Correct the column's format, thousands, decimal or percent in Pulumi.<tenant>.yaml (`npm run tenant -- check` says what is expected) and run `pulumi up`.",
  },
  QT4028: {
    what: "Dataset {dataset} has {columns} columns with a format, too many for one statement of SQL Server.",
    safe: nothingConfigured,
    next: "Write dd, MM and HH for parts that always have two digits, or leave columns out with the dataset's `exclude`; docs/sql-server-limits.md says how many fit.",
  },
  QT4030: {
    what: "The database user {name} cannot be created: {reason}.",
    safe: "No user was changed.",
    next: "Check the identity's client id and the role (loader or reader), then run `pulumi up`.",
  },
  QT4031: {
    what: "Another load of the same dataset is still publishing.",
    safe: "Nothing was changed.",
    next: "Run this load again.",
  },
  QT4032: {
    what: "A procedure was called with a parameter out of range.",
    safe: "Nothing was changed.",
    next: "Correct the call; the message names the parameter.",
  },
  QT4033: {
    what: "The catalogue of dataset {dataset} does not match table {table}: rows were changed by hand.",
    safe: nothingPublished,
    next: "Restore the table, or give the dataset a new table name.",
  },
  QT4034: {
    what: "A column changed its type while a page of the feed was read.",
    safe: "Nothing was sent, and the cursor is where it was.",
    next: "Nothing: the next sync reads the page again.",
  },
  QT4035: {
    what: "{step} took longer than a statement may (15 minutes).",
    safe: "The statement was rolled back. What was done before it stays: a change of type keeps the rows that it has copied.",
    next: "Look for what holds the database up (a long transaction, or a service objective at its limit), then run `pulumi up` again; it continues there.",
  },
  QT4036: {
    what: "The table of dataset {dataset} was in use for an hour: a change of type could not lock it.",
    safe: "The table is as it was and loads go on. What was copied stays.",
    next: "Wait for the load or the long query that uses the table, or end it, then run `pulumi up` again; it continues there.",
  },
  QT4037: {
    what: "Dataset {dataset} has no key columns, so no row of it can be found by a key.",
    safe: nothingErased,
    next: "Remove the row in Quantemplate and load the dataset, or configure the columns that identify a row and give the dataset a new table name.",
  },
  QT4038: {
    what: "What was passed is not a key of dataset {dataset}: {reason}",
    safe: nothingErased,
    next: "Pass --key column=value for each of these columns and no other, with the value as it is in the file.",
  },
  QT4039: {
    what: "There is no table of dataset {dataset}, so nothing of it is stored.",
    safe: nothingErased,
    next: "Look the id up in the tenant's datasets.",
  },
  QT4040: {
    what: "Migration {file} changed after this database ran it.",
    safe: "Nothing was run.",
    next: "Restore the file (`git checkout -- database/tsql/{file}`) and put the change into a new numbered file. If an older checkout created this local environment, run `npm run local -- reset`.",
  },
  QT4041: {
    what: "The database ran migration {file}, which this checkout does not have: the database is newer.",
    safe: "Nothing was run.",
    next: "Check out the revision that was deployed last, or a later one.",
  },
  QT4042: {
    what: "Migration {file} is new but sorts before {last}, which ran already.",
    safe: "Nothing was run.",
    next: "Give it the next free number.",
  },
  QT4043: {
    what: "Migration {file} failed: {reason}",
    safe: "Its transaction was rolled back; files before it stay applied.",
    next: "Correct the cause and run `pulumi up` again; it continues with this file.",
  },
  QT4044: {
    what: "The SQL server's firewall refuses this machine's address {address}.",
    safe: "Nothing was run.",
    next: "Allow the address on the server, or run from a network that it allows.",
  },
  QT4045: {
    what: "Another migration of this database is running.",
    safe: "Nothing was changed.",
    next: "Wait for it and run `pulumi up` again.",
  },
  QT4046: {
    what: "The connection to the database failed: {reason}",
    safe: "Nothing was run.",
    next: "Check that the deployer is the SQL admin or in its group (quantemplate:sqlAdmin), then run `pulumi up` again.",
  },
  QT4047: {
    what: "A row of the snapshot of dataset {dataset} would take {bytes} bytes in its table; a row of SQL Server has at most 8060.",
    safe: nothingPublished,
    next: "Leave columns out with the dataset's `exclude`, declare the types of columns that hold numbers or dates, or split the dataset in Quantemplate. docs/sql-server-limits.md says what fits.",
  },
} as const satisfies ErrorCatalogue;
