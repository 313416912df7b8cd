import type { IColumnMetadata, IRecordSet } from "mssql";

/**
 * Rows by column name, made from those of a request with `arrayRowMode`. Without it the driver names the cells itself: into a column whose
 * name every object inherits, such as `constructor`, it puts a list that begins with what the object inherits.
 */
export function namedRows(rows: IRecordSet<object>): Record<string, unknown>[] {
  const columns = rows.columns as unknown as readonly IColumnMetadata[string][];
  // The one row of a FOR JSON query is no list even then, but it too has one value for each column.
  return rows.map((row) =>
    Object.fromEntries(Object.values(row).map((value, index) => [columns[index]?.name, value])),
  );
}
