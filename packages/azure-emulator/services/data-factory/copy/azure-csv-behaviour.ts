/**
 * What Azure's CSV reader does where no documentation says it and nobody has measured it. Each
 * switch stands at the choice that asks most of the rest of the chain; "the first hour on real Azure" in docs/
 * settles them one by one.
 */
export interface AzureCsvBehaviour {
  /** HTTP 204. `noTable`: the copy succeeds without making a table, and what follows in the pipeline decides. */
  readonly noContent: "noTable" | "fail";
  /** HTTP 200 without a byte. */
  readonly emptyBody: "noTable" | "fail";
  /**
   * A cell `""`. Unquoted empty cells are NULL (`nullValue` is empty by default). The two may mean
   * different things in a source's data, so whoever reads the table must be able to keep them apart.
   */
  readonly quotedEmpty: "emptyString" | "null";
  /** A line break inside quotes: documented for data flows only. */
  readonly lineBreakInQuotes: "kept" | "fail";
}

export const azureCsvBehaviour: AzureCsvBehaviour = {
  noContent: "noTable",
  emptyBody: "noTable",
  quotedEmpty: "emptyString",
  lineBreakInQuotes: "kept",
};
