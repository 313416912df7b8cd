import { isSameHeader } from "../header-spelling";
import { columnNames, type Declared, isPounds, poundHeader, type Settings } from "./model-settings";

/** A column that landed, and the header that filled it last. */
export interface KnownColumn {
  readonly name: string;
  readonly header: string;
  /** The version of the last snapshot that had it. */
  readonly version: number;
  /** The type that is in force: a change of it may wait. */
  readonly landed: Declared;
}

/** A column of a snapshot: which of its cells, and the name under which they land. */
export interface SnapshotColumn {
  readonly index: number;
  readonly header: string;
  readonly name: string;
}

export interface ResolvedHeader {
  readonly columns: readonly SnapshotColumn[];
  /** The codes of the errors, one of which the database raises if there are any. */
  readonly faults: readonly string[];
}

/** Where the cells of a snapshot land, and what is wrong with its header. */
export function resolveHeader(
  header: readonly string[],
  settings: Settings,
  known: readonly KnownColumn[],
): ResolvedHeader {
  const faults = new Set<string>();
  const columns: SnapshotColumn[] = [];
  let next = known.length + 1;
  const isTaken = (name: string) => [...known, ...columns].some((column) => column.name === name);
  const numbered = (text: string) => {
    const before = known.find((column) => column.header === text);
    if (before !== undefined) return before.name;
    while (isTaken(`column_${next}`)) next++;
    return `column_${next++}`;
  };
  for (const [index, text] of header.entries()) {
    const isConfigured = isPounds(text) && settings.pounds !== "plain";
    if (isConfigured && settings.pounds === "excluded") continue;
    const name = isConfigured ? "premium_gbp" : (columnNames.get(text) ?? numbered(text));
    if (name === "_version") faults.add("QT4017");
    if (columns.some((column) => column.name === name)) faults.add("QT4016");
    if (!isConfigured && replaces(text, name)) faults.add("QT4007");
    columns.push({ index, header: text, name });
  }
  if (columns.length === 0) faults.add("QT4026");
  return { columns, faults: [...faults] };

  /** True if the header would take the column of another header. */
  function replaces(text: string, name: string): boolean {
    if (known.some((column) => column.name === name && !isSameHeader(column.header, text))) return true;
    // The column that an excluded header would have had, as long as that was never filled and the snapshot does not have the header.
    return (
      settings.pounds === "excluded" &&
      name === columnNames.get(poundHeader) &&
      !header.some(isPounds) &&
      !known.some((column) => column.name === name)
    );
  }
}
