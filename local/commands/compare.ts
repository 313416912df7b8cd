import type { Readable } from "node:stream";
import { parse } from "csv-parse";
import { QtError } from "../../errors/qt-error";
import { ownMember } from "../../packages/kit/json-object";
import type { Environment, EnvironmentDataset } from "../environment";
import { destinationRows, query } from "./emulator-client";

interface Column {
  readonly header: string;
  readonly name: string;
  readonly type: string;
}

/** A row as text, by physical column name; null is NULL. */
type TextRow = Readonly<Record<string, string | null>>;

async function columnsOf(environment: Environment, dataset: string): Promise<Column[]> {
  const rows = await query(
    environment,
    `select c.header, c.name, c.type from qt.dataset_column c join qt.dataset d on d.dataset_no = c.dataset_no
      where d.dataset_id = $1 and d.status = 'active' order by c.last_version, c.ordinal`,
    [dataset],
  );
  return rows as unknown as Column[];
}

async function tableRows(
  environment: Environment,
  dataset: EnvironmentDataset,
  columns: Column[],
): Promise<TextRow[]> {
  const { engine } = environment.sql;
  const list = [{ name: "_row_id", type: "bigint" }, ...columns].map(
    ({ name, type }) => `${lossless(engine, type, `"${name}"`)} as "${name}"`,
  );
  const rows = await query(
    environment,
    `select ${list.join(", ")} from data."${dataset.table}" where _deleted = '0'`,
  );
  return rows.map(textRow);
}

function textRow(row: Readonly<Record<string, unknown>>): TextRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]),
  );
}

/** The SQL expression that reads a column without losing anything. */
export function lossless(engine: Environment["sql"]["engine"], type: string, column: string): string {
  if (engine === "postgres") return `${column}::text`;
  // SQL Server's cast keeps six digits of a float; the driver keeps all.
  return type === "float" ? column : `cast(${column} as nvarchar(max))`;
}

/** One spelling per value: `1.50` and `1.5` are the same decimal, `TRUE` and `1` the same bit. */
export function canonical(type: string, text: string | null): string {
  if (text === null) return "\u0000null";
  if (/^(int|bigint|decimal|float)/.test(type)) {
    const [, sign = "", whole = "", fraction = ""] = /^\s*([+-]?)0*(\d*)\.?(\d*?)0*\s*$/.exec(
      text.includes(".") ? text : `${text}.`,
    ) ?? [undefined, "", text];
    return `${sign === "-" ? "-" : ""}${whole || "0"}${fraction === "" ? "" : `.${fraction}`}`;
  }
  if (type === "bit") return /^(t|true|1)$/i.test(text) ? "true" : "false";
  if (type === "datetime2") return text.replace(" ", "T").replace(/\.?0*Z?$/, "");
  return text;
}

/** The row's cells in the order of the columns, in one spelling. What the row lacks is NULL. */
export const rowText = (columns: readonly Pick<Column, "name" | "type">[], row: TextRow): string =>
  JSON.stringify(columns.map(({ name, type }) => canonical(type, ownMember(row, name) ?? null)));

export function sameRows(what: string, left: string[], right: string[]): number {
  const count = new Map<string, number>();
  for (const row of left) count.set(row, (count.get(row) ?? 0) + 1);
  for (const row of right) {
    const have = count.get(row) ?? 0;
    if (have === 0)
      throw new QtError("QT9007", { what, difference: `only in the second: ${row.slice(0, 500)}` });
    if (have === 1) count.delete(row);
    else count.set(row, have - 1);
  }
  for (const row of count.keys()) {
    throw new QtError("QT9007", { what, difference: `only in the first: ${row.slice(0, 500)}` });
  }
  return left.length;
}

/** Compares every cell of the table with the CSV that was landed. Returns the number of rows compared. @throws QtError QT9007 */
export async function compareTableWithCsv(
  environment: Environment,
  dataset: EnvironmentDataset,
  csv: Readable,
): Promise<number> {
  const columns = await columnsOf(environment, dataset.id);
  // A header that got another column has two; the last one counts.
  const byHeader = new Map(columns.map((column) => [column.header, column.name]));
  const expected: string[] = [];
  // An empty cell is NULL; a quoted empty one is the empty string.
  const parser = csv.pipe(
    parse({
      bom: true,
      columns: true,
      cast: (value, context) => (value === "" && !context.quoting ? null : value),
    }),
  );
  for await (const record of parser as AsyncIterable<Record<string, string | null>>) {
    const cells = Object.entries(record).map(([header, value]) => [byHeader.get(header) ?? header, value]);
    expected.push(rowText(columns, Object.fromEntries(cells)));
  }
  const actual = (await tableRows(environment, dataset, columns)).map((row) => rowText(columns, row));
  return sameRows(`The table ${dataset.table} and the CSV`, actual, expected);
}

/** Compares every cell of Fivetran's destination with the table. Returns the number of rows compared. @throws QtError QT9007 */
export async function compareDestinationWithTable(
  environment: Environment,
  dataset: EnvironmentDataset,
): Promise<number> {
  const columns = await columnsOf(environment, dataset.id);
  const keyless = dataset.keyColumns.length === 0;
  const compared = keyless ? [...columns, { header: "", name: "qt_row_id", type: "bigint" }] : columns;
  const table = (await tableRows(environment, dataset, columns)).map((row) =>
    rowText(compared, { ...row, qt_row_id: row._row_id ?? null }),
  );
  const destination = (await destinationRows(environment, dataset.table)).map((row) =>
    rowText(compared, textRow(row)),
  );
  return sameRows(`The destination and the table ${dataset.table}`, destination, table);
}
