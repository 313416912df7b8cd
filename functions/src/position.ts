import type { Dataset } from "./feed";
import type { Cursor } from "./state";

/** Where a dataset's next read starts. */
export interface Position {
  /** Epoch that the rows must belong to; null for a dataset that is sent again, which takes whatever epoch there is. */
  readonly epoch: string | null;
  readonly afterVersion: number;
  readonly afterRow: number;
  /** Version that the pass ends with; null takes the one published when the pass starts. */
  readonly upto: number | null;
  /** Part of a first pass: the destination's rows were marked deleted at its start, so tombstones are left out. */
  readonly initial: boolean;
}

/** A read that is due. */
export interface Task {
  readonly position: Position;
  /** Why it begins at the beginning; undefined where it goes on from a cursor. */
  readonly resync: ResyncReason | undefined;
}

/** What a cursor means for a dataset as it stands now. */
export type Progress =
  | ({ readonly kind: "pending" } & Task)
  /** Nothing to send; `future` marks a cursor ahead of the database. */
  | { readonly kind: "at-rest"; readonly future: boolean };

/** Why a dataset is sent from its beginning. */
export type ResyncReason = "no cursor" | "other epoch" | "purged" | "refused";

/** Above every row id: "all rows of that version have been sent". */
const AFTER_LAST_ROW = Number.MAX_SAFE_INTEGER;

/** The beginning of a dataset. Its first page carries `softDelete`. */
const BEGINNING: Position = { epoch: null, afterVersion: 0, afterRow: 0, upto: null, initial: true };

/** Judges a cursor against the dataset. Every cursor is answered, however it was made. */
export function progressOf(cursor: Cursor | undefined, dataset: Dataset): Progress {
  if (cursor === undefined) return { kind: "pending", ...startResync("no cursor") };
  if (cursor.epoch !== dataset.epoch) return { kind: "pending", ...startResync("other epoch") };
  const published = dataset.publishedVersion;
  const within = cursor.row !== undefined;
  const position: Position = {
    epoch: cursor.epoch,
    afterVersion: cursor.version,
    afterRow: cursor.row ?? AFTER_LAST_ROW,
    // A bound beyond what is published would end at a version that does not exist yet, and skip it.
    upto: cursor.upto === undefined ? null : Math.min(cursor.upto, published),
    initial: cursor.initial === true,
  };
  if (isPurged(position, dataset.purgedThrough)) return { kind: "pending", ...startResync("purged") };
  if (cursor.version > published) return { kind: "at-rest", future: true };
  if (cursor.version === published && !within) return { kind: "at-rest", future: false };
  return { kind: "pending", position, resync: undefined };
}

/** Reads a dataset from its beginning. */
export function startResync(resync: ResyncReason): Task {
  return { position: BEGINNING, resync };
}

/**
 * True where tombstones that a reader at this position has not seen may be gone. Inside a version it needs that version's
 * tombstones too. A first pass needs none: what was live when it was sent is caught when the pass has ended.
 */
export function isPurged(at: Omit<Position, "epoch" | "upto">, purgedThrough: number): boolean {
  if (at.initial) return false;
  return at.afterRow === AFTER_LAST_ROW ? at.afterVersion < purgedThrough : at.afterVersion <= purgedThrough;
}
