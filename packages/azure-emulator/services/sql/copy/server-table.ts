import type { Connection } from "tedious";
import { EmulatorError } from "../../../errors/emulator-error";
import { refuseImpossibleTable, type TableRequest } from "./staging-table";
import { runBatch } from "./tds-client";

export interface ServerTable {
  /** Quoted for SQL. */
  readonly name: string;
  /** Names of the columns in the order of the CSV. */
  readonly columns: readonly string[];
  /** True if this copy created it. */
  readonly isNew: boolean;
}

/**
 * The table for a CSV with these columns. A new table has nvarchar(max) columns named by the header; in an existing table columns
 * are found by name, ignoring case.
 * @throws EmulatorError QT6117 to QT6119, or QT6121
 */
export async function serverTable(
  connection: Connection,
  request: TableRequest,
  header: readonly string[],
): Promise<ServerTable> {
  refuseImpossibleTable(header);
  const table = `${request.schema}.${request.table}`;
  const name = `${identifier(request.schema)}.${identifier(request.table)}`;
  const existing = await columnsOf(connection, request);
  if (existing.length === 0) {
    if (!request.autoCreate) throw new EmulatorError("QT6118", { table });
    await runBatch(connection, createTable(name, header));
    return { name, columns: header, isNew: true };
  }
  const known = new Set(existing.map(fold));
  const unknown = header.find((column) => !known.has(fold(column)));
  if (unknown !== undefined) throw new EmulatorError("QT6119", { table, column: unknown });
  return { name, columns: header, isNew: false };
}

export function createTable(name: string, header: readonly string[]): string {
  return `create table ${name} (${header.map((column) => `${identifier(column)} nvarchar(max) null`).join(", ")})`;
}

export function dropTable(name: string): string {
  return `drop table if exists ${name}`;
}

/** A name in brackets. */
export function identifier(name: string): string {
  return `[${name.replaceAll("]", "]]")}]`;
}

async function columnsOf(connection: Connection, { schema, table }: TableRequest): Promise<string[]> {
  const rows = await runBatch(
    connection,
    `select cast(COLUMN_NAME as nvarchar(128)) from INFORMATION_SCHEMA.COLUMNS
      where TABLE_SCHEMA = ${literal(schema)} and TABLE_NAME = ${literal(table)}`,
  );
  return rows.map(([column]) => String(column));
}

function literal(text: string): string {
  return `N'${text.replaceAll("'", "''")}'`;
}

const fold = (name: string): string => name.toLowerCase();
