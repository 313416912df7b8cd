import { type ClientBase, escapeIdentifier, escapeLiteral } from "pg";
import { EmulatorError } from "../../../errors/emulator-error";

/** SQL Server's limit on columns of a table; PostgreSQL allows 1,600, and the load would fail only in Azure. */
const mostColumns = 1024;

/** SQL Server's limit on a name, in UTF-16 code units. */
const longestName = 128;

export interface StagingTable {
  /** Quoted for SQL. */
  readonly name: string;
  /** Columns in the order of the CSV, quoted for SQL. */
  readonly columns: readonly string[];
  /** True if this transaction created it, so that its rows can be frozen at once. */
  readonly isNew: boolean;
}

export interface TableRequest {
  readonly schema: string;
  readonly table: string;
  readonly autoCreate: boolean;
}

/** Refuses a header of which SQL Server could make no table. @throws EmulatorError QT6117 or QT6121 */
export function refuseImpossibleTable(header: readonly string[]): void {
  if (header.length > mostColumns)
    throw new EmulatorError("QT6117", { columns: header.length, limit: mostColumns });
  const column = header.findIndex(({ length }) => length > longestName);
  const { length } = header[column] ?? "";
  if (column >= 0) throw new EmulatorError("QT6121", { column: column + 1, length, limit: longestName });
}

/**
 * The table for a CSV with these columns. A new table has text columns c1, c2, … with the header's names as their
 * comments, because PostgreSQL's names end at 63 bytes. In an existing table columns are found by that comment.
 * @throws EmulatorError QT6117 to QT6119, or QT6121
 */
export async function stagingTable(
  client: ClientBase,
  request: TableRequest,
  header: readonly string[],
): Promise<StagingTable> {
  refuseImpossibleTable(header);
  const name = `${escapeIdentifier(request.schema)}.${escapeIdentifier(request.table)}`;
  const existing = await columnsOf(client, request);
  if (existing.size > 0)
    return { name, columns: header.map((text) => find(existing, text, request)), isNew: false };
  if (!request.autoCreate) throw new EmulatorError("QT6118", { table: `${request.schema}.${request.table}` });
  const columns = header.map((_, index) => `c${index + 1}`);
  const comments = header.map(
    (text, index) => `comment on column ${name}.${columns[index]} is ${escapeLiteral(text)}`,
  );
  // Autovacuum would come too late to be useful, and the publish that drops the table would wait for it.
  const create = `create table ${name} (${columns.map((column) => `${column} text`).join(", ")})
    with (autovacuum_enabled = off, toast.autovacuum_enabled = off)`;
  await client.query([create, ...comments].join(";\n"));
  return { name, columns, isNew: true };
}

const findColumns = `
  select attname as name, coalesce(col_description(attrelid, attnum), attname) as header
    from pg_attribute
   where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`;

async function columnsOf(client: ClientBase, { schema, table }: TableRequest): Promise<Map<string, string>> {
  const qualified = `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;
  const { rows } = await client.query<{ name: string; header: string }>(findColumns, [qualified]);
  return new Map(rows.map(({ name, header }) => [header, escapeIdentifier(name)]));
}

function find(
  existing: ReadonlyMap<string, string>,
  column: string,
  { schema, table }: TableRequest,
): string {
  const name = existing.get(column);
  if (name === undefined) throw new EmulatorError("QT6119", { table: `${schema}.${table}`, column });
  return name;
}
