import { count } from "../progress";

/** The row of `qt.load` for a run. */
export interface LoadOutcome {
  readonly runId: string;
  readonly status: string;
  readonly version: number | undefined;
  readonly staged: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  /** By column, the filled cells that became NULL because their values do not convert; undefined if none did. */
  readonly emptied: Readonly<Record<string, number>> | undefined;
}

/** The counts of a load as one text. */
export function changesText({ inserted, updated, deleted, emptied }: LoadOutcome): string {
  const rows = `${count(inserted)} inserted, ${count(updated)} updated, ${count(deleted)} deleted`;
  if (emptied === undefined) return rows;
  const cells = Object.entries(emptied).map(([column, number]) => `${count(number)} of ${column}`);
  return `${rows}; emptied, because they do not convert: ${cells.join(", ")}`;
}

/** The row of `qt.load`, or of its procedure, as an outcome. */
export function outcomeOf(runId: string, row: Readonly<Record<string, unknown>>): LoadOutcome {
  const number = (name: string) => Number(row[name] ?? 0);
  return {
    runId,
    status: String(row.status),
    version: row.version == null ? undefined : Number(row.version),
    staged: number("rows_staged"),
    inserted: number("inserted"),
    updated: number("updated"),
    deleted: number("deleted"),
    emptied: row.emptied == null ? undefined : (JSON.parse(String(row.emptied)) as Record<string, number>),
  };
}
