import { QtError } from "../../errors/qt-error";
import { type CellJson, cellJson } from "./cell-json";
import { type ChangeRow, type Column, FIRST_COLUMN, ROW_ID } from "./feed";

/** Primary key of a keyless dataset at the destination. */
export const ROW_ID_COLUMN = "qt_row_id";

/** The primary key at the destination, given a dataset's key columns. */
export function primaryKeyOf(keyColumns: readonly string[]): readonly string[] {
  return keyColumns.length === 0 ? [ROW_ID_COLUMN] : keyColumns;
}

/** The declared type of each column of a sent row. */
export function columnTypes({
  keyColumns,
  columns,
}: Pick<Layout, "keyColumns" | "columns">): Readonly<Record<string, string>> {
  const rowId = keyColumns.length === 0 ? [[ROW_ID_COLUMN, "bigint"]] : [];
  return Object.fromEntries([...rowId, ...columns.map(({ name, type }) => [name, type])]);
}

/** Writes the rows of a dataset as JSON text, straight from the text of the cells. */
export interface RowJson {
  readonly primaryKey: readonly string[];
  /** The whole row, nulls included. */
  insert(row: ChangeRow): string;
  /** The primary key alone. */
  remove(row: ChangeRow): string;
}

interface Cell {
  readonly column: Column;
  /** `,"name":`, without the comma for the first cell. */
  readonly prefix: string;
  readonly index: number;
  readonly json: CellJson;
}

interface Layout {
  readonly id: string;
  readonly keyColumns: readonly string[];
  readonly columns: readonly Column[];
}

/**
 * Prepares the writer of a dataset's rows.
 * @throws QtError QT5006 for a reserved column name, QT5011 for an unknown type or key column.
 */
export function rowJson(dataset: Layout): RowJson {
  const keyless = dataset.keyColumns.length === 0;
  for (const { name } of dataset.columns) {
    if (name.startsWith("_fivetran") || (keyless && name === ROW_ID_COLUMN)) {
      throw new QtError("QT5006", { dataset: dataset.id, column: name });
    }
  }
  const all = cellsOf(dataset, dataset.columns, keyless);
  const keys = cellsOf(
    dataset,
    dataset.keyColumns.map((name) => columnNamed(dataset, name)),
    keyless,
  );
  const write = (cells: readonly Cell[]) => (row: ChangeRow) => {
    let text = keyless ? `{"${ROW_ID_COLUMN}":${row[ROW_ID]}` : "{";
    for (const cell of cells) {
      const value = row[cell.index];
      if (value === null || value === undefined) {
        text += `${cell.prefix}null`;
        continue;
      }
      const json = cell.json(String(value));
      if (json === undefined) throw malformed(dataset, cell.column, row);
      text += cell.prefix + json;
    }
    return `${text}}`;
  };
  return {
    primaryKey: primaryKeyOf(dataset.keyColumns),
    insert: write(all),
    remove: write(keys),
  };
}

function cellsOf(dataset: Layout, columns: readonly Column[], keyless: boolean): Cell[] {
  return columns.map((column, position) => {
    const json = cellJson(column.type);
    if (json === undefined) {
      const reason = `column ${column.name} of ${dataset.id} has the unknown type ${column.type}`;
      throw new QtError("QT5011", { procedure: "qt.changes", reason });
    }
    const comma = position > 0 || keyless ? "," : "";
    const prefix = `${comma}${JSON.stringify(column.name)}:`;
    return { column, prefix, index: FIRST_COLUMN + dataset.columns.indexOf(column), json };
  });
}

function columnNamed(dataset: Layout, name: string): Column {
  const column = dataset.columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  const reason = `key column ${name} of ${dataset.id} is not among its columns`;
  throw new QtError("QT5011", { procedure: "qt.changes", reason });
}

/** The error names the column and the row, never the value. */
function malformed(dataset: Layout, { name, type }: Column, row: ChangeRow): QtError {
  return new QtError("QT5007", { dataset: dataset.id, column: name, type, row: String(row[ROW_ID]) });
}
