import { isJsonObject } from "../../packages/kit/json-object";
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

/** Version of the state's format. A state of another version is ignored, and everything is sent again. */
const FORMAT = 1;

/**
 * Reads a state that anybody may have edited. It ignores whatever is not valid, which resends that dataset: slower, but never
 * wrong. Never throws.
 * @returns The state and its problems, for the log: dataset ids and field names only.
 */
export function parseState(raw: unknown): {
  readonly state: SyncState;
  readonly problems: readonly string[];
} {
  const empty = { cursors: new Map<string, Cursor>(), turn: undefined };
  if (raw === undefined || raw === null) return { state: empty, problems: [] };
  if (!isJsonObject(raw)) return { state: empty, problems: ["state is not an object"] };
  if (Object.keys(raw).length === 0) return { state: empty, problems: [] };
  if (raw.format !== FORMAT) return { state: empty, problems: ["state has another format"] };
  if (!isJsonObject(raw.datasets)) return { state: empty, problems: ["state.datasets is not an object"] };
  const cursors = new Map<string, Cursor>();
  const problems: string[] = [];
  for (const [id, value] of Object.entries(raw.datasets)) {
    const cursor = parseCursor(value);
    if (cursor === undefined)
      problems.push(`cursor of ${JSON.stringify(id.slice(0, 200))} is not understood`);
    else cursors.set(id, cursor);
  }
  return { state: { cursors, turn: typeof raw.turn === "string" ? raw.turn : undefined }, problems };
}

/** The JSON text of a state. */
export function stateText(state: SyncState): string {
  const { cursors, turn } = state;
  return JSON.stringify({ format: FORMAT, datasets: Object.fromEntries(cursors), turn });
}

function parseCursor(value: unknown): Cursor | undefined {
  if (!isJsonObject(value)) return undefined;
  const { epoch, initial } = value;
  const version = wholeNumber(value.version);
  if (typeof epoch !== "string" || epoch === "" || version === undefined) return undefined;
  // `null` counts as absent: an editor that shows all fields writes it for missing ones.
  if (value.row === undefined || value.row === null) {
    // A first pass without a position must start again: as a cursor at rest it would miss the tombstones.
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
