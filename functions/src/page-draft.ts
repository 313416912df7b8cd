import type { Entry } from "./entries";
import type { PageOptions } from "./options";
import { envelopeBytes, pageBody } from "./page-body";
import type { Slice } from "./slice";
import { SliceRows } from "./slice-rows";
import type { Cursor, SyncState } from "./state";

/** A page while it is being filled: the room for each dataset, and what has been read. */
export class PageDraft {
  readonly #rows: SliceRows[] = [];
  readonly #slices = new Map<Entry, Slice>();
  readonly #bytesForRows: number;

  constructor(
    private readonly entries: readonly Entry[],
    private readonly state: SyncState,
    private readonly options: PageOptions,
  ) {
    this.#bytesForRows = options.pageBytes - envelopeBytes(entries, state);
  }

  get inserted(): number {
    return sum(this.#rows, ({ inserted }) => inserted);
  }

  get deleted(): number {
    return sum(this.#rows, ({ deleted }) => deleted);
  }

  /** Rows so far, including those of the current read. */
  get rows(): number {
    return this.inserted + this.deleted;
  }

  get isFull(): boolean {
    return this.rows >= this.options.pageRows || this.#bytes >= this.#bytesForRows;
  }

  get #bytes(): number {
    return sum(this.#rows, ({ bytes }) => bytes);
  }

  /** Ids of the datasets that start a resync, with the reason. */
  get resync(): Map<string, string> {
    const reasons = new Map<string, string>();
    for (const [{ dataset }, { resync }] of this.#slices)
      if (resync !== undefined) reasons.set(dataset.id, resync);
    return reasons;
  }

  /** Room for the next dataset: an equal share of what is left, given the number of datasets that are still to come. */
  begin(datasets: number): SliceRows {
    const bytes = Math.max(this.#bytesForRows - this.#bytes, 0);
    const rows = new SliceRows({
      rows: Math.max(Math.floor((this.options.pageRows - this.rows) / datasets), 1),
      bytes: Math.floor(bytes / datasets),
      firstRowBytes: this.rows === 0 ? Number.POSITIVE_INFINITY : bytes,
    });
    this.#rows.push(rows);
    return rows;
  }

  add(entry: Entry, slice: Slice): void {
    this.#slices.set(entry, slice);
  }

  /** True if everything that was published when the page began has been sent, or the dataset has been removed or restored since. */
  isThrough(entry: Entry): boolean {
    const slice = this.#slices.get(entry);
    if (slice === undefined || !slice.complete) return false;
    const { epoch, publishedVersion } = entry.dataset;
    return slice.cursor?.epoch !== epoch || slice.cursor.version >= publishedVersion;
  }

  /** The body of the response; `unfinished` are the datasets that have more to send. */
  body(unfinished: readonly Entry[]): Buffer {
    const tables = this.entries.map((entry) => {
      const slice = this.#slices.get(entry);
      return {
        name: entry.table,
        primaryKey: slice?.primaryKey ?? entry.primaryKey,
        inserts: slice?.rows.inserts,
        deletes: slice?.rows.deletes,
        softDelete: slice?.resync !== undefined,
      };
    });
    const body = pageBody({ state: this.#nextState(unfinished), tables, hasMore: unfinished.length > 0 });
    for (const { inserts, deletes } of this.#rows) {
      inserts.release();
      deletes.release();
    }
    return body;
  }

  #nextState(unfinished: readonly Entry[]): SyncState {
    const cursors = new Map<string, Cursor>(this.state.cursors);
    for (const [{ dataset }, { cursor }] of this.#slices)
      if (cursor !== undefined) cursors.set(dataset.id, cursor);
    // A dataset without rows in this page begins the next one.
    const waiting = unfinished.find((entry) => (this.#slices.get(entry)?.rows.count ?? 0) === 0);
    return { cursors, turn: waiting?.dataset.id };
  }
}

function sum<T>(list: readonly T[], value: (item: T) => number): number {
  return list.reduce((total, item) => total + value(item), 0);
}
