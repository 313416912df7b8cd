import type { Dataset } from "./feed";
import type { Cursor } from "./state";

/** Where a dataset's next read starts. */
export interface Position {
  /** Epoch that the rows must belong to; null if the dataset is sent again, in any epoch. */
  readonly epoch: string | null;
  readonly afterVersion: number;
  readonly afterRow: number;
  /** Last version of the pass; null means the one that is published when the pass starts. */
  readonly upto: number | null;
  /** True in a first pass: it started by marking the destination's rows as deleted, so tombstones are left out. */
  readonly initial: boolean;
}

/** A read that is due. */
export interface Task {
  readonly position: Position;
  /** Why it starts from the beginning; undefined if it continues from a cursor. */
  readonly resync: ResyncReason | undefined;
}

/** What a cursor means for a dataset in its current state. */
export type Progress =
  | ({ readonly kind: "pending" } & Task)
  /** Nothing to send; `future` means that the cursor is ahead of the database. */
  | { readonly kind: "at-rest"; readonly future: boolean };

/** Why a dataset is sent from its beginning. */
export type ResyncReason = "no cursor" | "other epoch" | "purged" | "refused";

/** Above every row id: "all rows of that version have been sent". */
const AFTER_LAST_ROW = Number.MAX_SAFE_INTEGER;

/** The beginning of a dataset. Its first page carries `softDelete`. */
const BEGINNING: Position = { epoch: null, afterVersion: 0, afterRow: 0, upto: null, initial: true };

/** Compares a cursor with the dataset. It accepts any cursor, even one that was edited by hand. */
export function progressOf(cursor: Cursor | undefined, dataset: Dataset): Progress {
  if (cursor === undefined) return { kind: "pending", ...startResync("no cursor") };
  if (cursor.epoch !== dataset.epoch) return { kind: "pending", ...startResync("other epoch") };
  const published = dataset.publishedVersion;
  const within = cursor.row !== undefined;
  const position: Position = {
    epoch: cursor.epoch,
    afterVersion: cursor.version,
    afterRow: cursor.row ?? AFTER_LAST_ROW,
    // A bound beyond the published version would end at a version that does not exist yet, and so skip it.
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
 * True if tombstones that a reader at this position has not seen may have been purged. Inside a version it needs that version's
 * tombstones too. A first pass needs none: rows that are deleted after it sent them are checked once the pass has ended.
 */
export function isPurged(at: Omit<Position, "epoch" | "upto">, purgedThrough: number): boolean {
  if (at.initial) return false;
  return at.afterRow === AFTER_LAST_ROW ? at.afterVersion < purgedThrough : at.afterVersion <= purgedThrough;
}
