import { QtError } from "../../errors/qt-error";
import { type ChangeRow, type ChangesHead, type Dataset, DELETED, type Feed, ROW_ID, VERSION } from "./feed";
import { isPurged, type Position, type ResyncReason, startResync, type Task } from "./position";
import { type RowJson, rowJson } from "./row-json";
import type { RowSizes } from "./row-sizes";
import type { SliceRows } from "./slice-rows";
import type { Cursor } from "./state";

/** A dataset's part of a page. */
export interface Slice {
  readonly rows: SliceRows;
  /** Where the next read starts; undefined if this one read nothing. */
  readonly cursor: Cursor | undefined;
  /** False if more of the pass is to come. */
  readonly complete: boolean;
  /** Why the dataset starts a resync here, so that the page must contain `softDelete`; undefined if it does not. */
  readonly resync: ResyncReason | undefined;
  /** Primary key of the rows; undefined if the dataset no longer exists. */
  readonly primaryKey: readonly string[] | undefined;
}

/** What a slice is read from. */
export interface SliceSource {
  readonly feed: Feed;
  readonly signal: AbortSignal;
  /** True once the page should end where it is. */
  readonly timeIsUp: () => boolean;
  readonly sizes: RowSizes;
}

/** The minimum number of rows to request in a first pass, which reads tombstones but leaves them out. */
const MIN_INITIAL_LIMIT = 1000;
/** Rows between two checks of the clock. */
const CLOCK_STRIDE = 64;

/**
 * Reads a dataset from a position into `rows` until its share is used, time is up, or the pass ends. It reads at most one pass: a
 * key that has changed again waits for the next page, so that no key appears twice in a page.
 */
export async function readSlice(
  source: SliceSource,
  dataset: Dataset,
  task: Task,
  rows: SliceRows,
): Promise<Slice> {
  const pass = new Pass(dataset, task, rows, source);
  if (await pass.run()) return pass.slice();
  // The read refused the cursor: the dataset was restored or purged after the list was read.
  if (task.resync === undefined) return readSlice(source, dataset, startResync("refused"), rows);
  throw new QtError("QT5011", {
    procedure: "qt.changes",
    reason: `${dataset.id} cannot be read from its beginning`,
  });
}

/** Reads one pass of a dataset, statement by statement. */
class Pass {
  #head: ChangesHead | undefined;
  #primaryKey: readonly string[] | undefined;
  #version: number;
  #row: number;
  #received = 0;
  #moved = false;
  #full = false;
  #complete = false;

  constructor(
    private readonly dataset: Dataset,
    private readonly task: Task,
    private readonly rows: SliceRows,
    private readonly source: SliceSource,
  ) {
    this.#version = this.#position.afterVersion;
    this.#row = this.#position.afterRow;
  }

  get #position(): Position {
    return this.task.position;
  }

  /** Resolves to false if nothing can be read from this position. */
  async run(): Promise<boolean> {
    while (!this.#full && !this.#complete) {
      const answer = await this.#statement();
      // If this happens between two statements, the rows read so far are valid and the next page starts a resync.
      if (answer === "resync") return this.#moved;
      if (answer === "unknown") return true;
    }
    this.source.sizes.learn(this.dataset.id, this.rows.count, this.rows.bytes);
    return true;
  }

  slice(): Slice {
    const cursor = this.#cursor();
    return {
      rows: this.rows,
      cursor,
      complete: this.#complete || this.#head === undefined,
      resync: cursor === undefined ? undefined : this.task.resync,
      primaryKey: this.#primaryKey,
    };
  }

  /** Resolves to why it has no rows, or to undefined. */
  async #statement(): Promise<"resync" | "unknown" | undefined> {
    const { epoch, upto, initial } = this.#position;
    const limit = this.#limit();
    const query = {
      datasetId: this.dataset.id,
      // A purge does not affect a first pass; its epoch is compared below.
      epoch: initial ? null : epoch,
      afterVersion: this.#version,
      afterRow: this.#row,
      upto: this.#head?.upto ?? upto,
      limit,
    };
    this.#received = 0;
    let answer: RowJson | "resync" | "unknown" | undefined;
    const reader = {
      head: (head: ChangesHead) => {
        answer = this.#judge(head);
      },
      row: (row: ChangeRow) => typeof answer === "object" && this.#take(row, answer),
    };
    const end = await this.source.feed.changes(query, reader, this.source.signal);
    if (typeof answer === "string") return answer;
    if (end === "stopped") this.#full = true;
    else if (this.#received < limit) this.#complete = true;
    else this.#full ||= this.rows.isNearlyFull;
    return undefined;
  }

  /** The number of rows to request: what should fit, and one more, which shows that more is to come. */
  #limit(): number {
    const { id, columns } = this.dataset;
    const { count, bytes, room, bytesLeft } = this.rows;
    const size = count > 0 ? bytes / count : this.source.sizes.of(id, columns.length);
    const limit = Math.min(room, Math.ceil(bytesLeft / size)) + 1;
    return this.#position.initial ? Math.max(limit, MIN_INITIAL_LIMIT) : limit;
  }

  /** The writer of the statement's rows, or why there are none. */
  #judge(head: ChangesHead): RowJson | "resync" | "unknown" {
    if (head.status === "unknown") return "unknown";
    const expected = this.#head?.epoch ?? this.#position.epoch;
    if (head.status === "resync" || (expected !== null && head.epoch !== expected)) return "resync";
    const at = { afterVersion: this.#version, afterRow: this.#row, initial: this.#position.initial };
    if (isPurged(at, head.purgedThrough)) return "resync";
    this.#head ??= head;
    const writer = rowJson({ id: this.dataset.id, keyColumns: head.keyColumns, columns: head.columns });
    this.#primaryKey = writer.primaryKey;
    return writer;
  }

  /** Adds a row to the page. False ends the read. */
  #take(row: ChangeRow, writer: RowJson): boolean {
    this.#received++;
    const version = Number(row[VERSION]);
    const id = Number(row[ROW_ID]);
    this.#checkOrder(version, id);
    const late = this.#received % CLOCK_STRIDE === 0 && this.source.timeIsUp();
    if (this.#isSent(row, late) && !this.#write(row, writer)) return false;
    this.#version = version;
    this.#row = id;
    this.#moved = true;
    return !late;
  }

  /** A first pass leaves tombstones out. But if time runs out while the page is empty, it sends one, which is harmless. */
  #isSent(row: ChangeRow, late: boolean): boolean {
    if (!this.#position.initial || row[DELETED] !== true) return true;
    return late && this.rows.count === 0;
  }

  #write(row: ChangeRow, writer: RowJson): boolean {
    const deleted = row[DELETED] === true;
    return this.rows.add(deleted ? writer.remove(row) : writer.insert(row), deleted);
  }

  #cursor(): Cursor | undefined {
    if (this.#head === undefined) return undefined;
    const { epoch, upto } = this.#head;
    if (this.#complete) return { epoch, version: upto };
    if (!this.#moved) return undefined;
    const cursor = { epoch, version: this.#version, row: this.#row, upto };
    return this.#position.initial ? { ...cursor, initial: true } : cursor;
  }

  /** A feed that is out of order would silently lose rows. */
  #checkOrder(version: number, row: number): void {
    const later = version > this.#version || (version === this.#version && row > this.#row);
    if (later && version <= (this.#head?.upto ?? 0)) return;
    const reason = `a row of ${this.dataset.id} came out of order (version ${version}, row ${row})`;
    throw new QtError("QT5011", { procedure: "qt.changes", reason });
  }
}
