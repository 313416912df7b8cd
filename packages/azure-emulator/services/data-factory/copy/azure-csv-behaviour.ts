import type { CsvReading } from "../../sql/sql-service";

/**
 * How Azure's CSV reader behaves in cases that are neither documented nor measured yet. Each switch is set to the choice
 * that is hardest for the rest of the chain; docs/first-hour-on-azure.md verifies them one by one.
 */
export interface AzureCsvBehaviour {
  /** HTTP 204. `noTable`: the copy succeeds and creates no table; the pipeline's next activities decide what happens. */
  readonly noContent: "noTable" | "fail";
  /** HTTP 200 with an empty body. */
  readonly emptyBody: "noTable" | "fail";
  /**
   * A cell `""`. An unquoted empty cell is NULL (`nullValue` is empty by default). The two may differ in meaning in a
   * source's data, so a reader of the table must be able to distinguish them.
   */
  readonly quotedEmpty: "emptyString" | "null";
  /**
   * A row with fewer values than the header has names, also what a bare CR in a value leaves of a row. Documented is an error for more
   * values only (https://learn.microsoft.com/azure/data-factory/connector-troubleshoot-delimited-text).
   */
  readonly shortRow: CsvReading["shortRow"];
  /** Bytes that are not UTF-8; .NET's decoder replaces them. */
  readonly badUtf8: CsvReading["badUtf8"];
  /** A line break inside quotes; documented for data flows only. */
  readonly lineBreakInQuotes: "kept" | "fail";
}

export const azureCsvBehaviour: AzureCsvBehaviour = {
  noContent: "noTable",
  emptyBody: "noTable",
  quotedEmpty: "emptyString",
  shortRow: "filledWithNull",
  badUtf8: "replaced",
  lineBreakInQuotes: "kept",
};
