import { ByteSink } from "./byte-sink";

/** A dataset's share of a page. */
export interface Share {
  readonly rows: number;
  readonly bytes: number;
  /** The room for the first row: the rest of the page; infinite in an empty page, which takes one row of any size. */
  readonly firstRowBytes: number;
}

/** The fraction of a share that may stay empty. */
const FILL_TOLERANCE = 0.05;

/** The rows of one dataset in one page, as JSON text, within its share. */
export class SliceRows {
  readonly inserts = new ByteSink();
  readonly deletes = new ByteSink();
  inserted = 0;
  deleted = 0;

  constructor(private readonly share: Share) {}

  get count(): number {
    return this.inserted + this.deleted;
  }

  get bytes(): number {
    return this.inserts.length + this.deletes.length;
  }

  /** How many more rows the share allows. */
  get room(): number {
    return this.share.rows - this.count;
  }

  /** Bytes of the share that are left. */
  get bytesLeft(): number {
    return Math.max(this.share.bytes - this.bytes, 0);
  }

  /** True if another read for the rest is not worthwhile. */
  get isNearlyFull(): boolean {
    return this.count > 0 && this.bytesLeft <= this.share.bytes * FILL_TOLERANCE;
  }

  /** Appends a row. If it does not fit, returns false and appends nothing. */
  add(json: string, deleted: boolean): boolean {
    if (this.room <= 0) return false;
    const sink = deleted ? this.deletes : this.inserts;
    sink.write(sink.length === 0 ? json : `,${json}`);
    const allowed = this.count === 0 ? this.share.firstRowBytes : this.share.bytes;
    if (this.bytes > allowed) {
      sink.undo();
      return false;
    }
    if (deleted) this.deleted++;
    else this.inserted++;
    return true;
  }
}
