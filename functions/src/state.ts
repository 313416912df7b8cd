import { QtError } from "../../errors/qt-error";
import { isJsonObject } from "../../packages/kit/json-object";
import { shown } from "./redact";
import { isWholeNumber } from "./whole-number";

/**
 * How far a dataset has been sent. Without `row`: everything up to and including `version`. With `row`: a pass over the changes up to
 * `upto` is in progress, and everything up to (version, row) has been sent.
 */
export interface Cursor {
  readonly epoch: string;
  readonly version: number;
  readonly row?: number;
  readonly upto?: number;
  /** True in a first pass: the destination was emptied at its start, so tombstones need not be sent. */
  readonly initial?: true;
}

/** The function's state, as Fivetran keeps it between calls. */
export interface SyncState {
  readonly cursors: ReadonlyMap<string, Cursor>;
  /** Dataset that the next page begins with, so that each gets its turn. */
  readonly turn: string | undefined;
}

/** Version of the state's format; the only one that was ever written. A later one must read those before it. */
const FORMAT = 1;

/**
 * Reads a state that anybody may have edited. Fivetran's first call has none. Anything else that is not valid is refused: to start
 * again would send, and bill, every row, and only a person may want that.
 * @throws QtError QT5013, which names dataset ids and fields only.
 */
export function parseState(raw: unknown): SyncState {
  const cursors = new Map<string, Cursor>();
  if (raw === undefined || raw === null) return { cursors, turn: undefined };
  if (!isJsonObject(raw)) throw refused("it is not an object");
  if (Object.keys(raw).length === 0) return { cursors, turn: undefined };
  checkFormat(wholeNumber(raw.format));
  if (!isJsonObject(raw.datasets)) throw refused("datasets is not an object");
  for (const [id, value] of Object.entries(raw.datasets)) {
    const cursor = parseCursor(value);
    if (cursor === undefined) throw refused(`the cursor of ${JSON.stringify(shown(id))} is not valid`);
    cursors.set(id, cursor);
  }
  return { cursors, turn: typeof raw.turn === "string" ? raw.turn : undefined };
}

/** The JSON text of a state. */
export function stateText(state: SyncState): string {
  const { cursors, turn } = state;
  return JSON.stringify({ format: FORMAT, datasets: Object.fromEntries(cursors), turn });
}

function checkFormat(format: number | undefined): void {
  if (format === FORMAT) return;
  if (format === undefined) throw refused("it has no format");
  throw refused(`its format ${format} is ${format > FORMAT ? `newer than ${FORMAT}` : "unknown"}`);
}

const refused = (reason: string) => new QtError("QT5013", { reason });

function parseCursor(value: unknown): Cursor | undefined {
  if (!isJsonObject(value)) return undefined;
  const { initial } = value;
  const version = wholeNumber(value.version);
  if (typeof value.epoch !== "string" || value.epoch === "" || version === undefined) return undefined;
  // SQL Server shows a GUID in capitals, so an editor may copy it so.
  const epoch = value.epoch.toLowerCase();
  // `null` counts as absent: an editor that shows all fields writes it for missing ones.
  if (value.row === undefined || value.row === null) {
    // A first pass has a position: as a cursor at rest it would miss the tombstones.
    return initial === true ? undefined : { epoch, version };
  }
  const row = wholeNumber(value.row);
  const upto = wholeNumber(value.upto);
  if (row === undefined || upto === undefined || upto < version) return undefined;
  return initial === true ? { epoch, version, row, upto, initial } : { epoch, version, row, upto };
}

/** A whole number ≥ 0, which may be text. Anything above 2^53 counts as 2^53. */
function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d{1,40}$/.test(value) ? Number(value) : value;
  return isWholeNumber(number, 0) ? Math.min(number, Number.MAX_SAFE_INTEGER) : undefined;
}
