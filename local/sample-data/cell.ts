/**
 * One cell: its value and its CSV text. A plain string stands for a cell whose text is its value, which most cells are; it costs
 * nothing to make. A missing value is an empty cell; an empty text is a quoted empty cell (RFC 4180 leaves the difference to the reader).
 */
export type Cell = string | QuotedCell | typeof missing;

/** A cell whose text differs from its value. */
export interface QuotedCell {
  readonly value: string;
  readonly csv: string;
}

/** SQL's NULL: nothing between the commas. */
export const missing = { value: null, csv: "" } as const;

/** A cell with any text: quoted if RFC 4180 requires it, or if the text is empty. */
export function cell(value: string): Cell {
  return value === "" || /[",\r\n]/.test(value) ? { value, csv: `"${value.replaceAll('"', '""')}"` } : value;
}

/** The value that a reader of the CSV must see; null for a missing value. */
export function cellValue(it: Cell): string | null {
  return typeof it === "string" ? it : it.value;
}

/** The CSV line of a row, with its CRLF. */
export function csvLine(cells: readonly Cell[]): string {
  let line = "";
  for (let i = 0; i < cells.length; i++) {
    const it = cells[i] as Cell;
    line += (i === 0 ? "" : ",") + (typeof it === "string" ? it : it.csv);
  }
  return `${line}\r\n`;
}
