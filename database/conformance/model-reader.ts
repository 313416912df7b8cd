import assert from "node:assert/strict";
import { type Cells, contentOf } from "./model-dataset";
import type { Change, Warehouse } from "./warehouse";

interface Cursor {
  readonly epoch: string | null;
  readonly version: number;
  readonly row: number;
  /** The bound of the page run, while more pages of it follow. */
  readonly upto: number | null;
}

const start: Cursor = { epoch: null, version: 0, row: 0, upto: null };

/** What becomes of a page: it arrives, it is lost, or it is applied and the state after it is lost. */
export type Delivery = "arrives" | "lost" | "unsaved";

/** A consumer of the feed: the rows at its destination, the state of its last page and the states of earlier ones. */
export class Reader {
  private rows = new Map<number, Change>();
  private states: Cursor[] = [start];

  fork(): Reader {
    return Object.assign(new Reader(), { rows: new Map(this.rows), states: [...this.states] });
  }

  /** Goes back to an earlier state, as after a failed sync or by hand; the rows stay. */
  rewind(index: number): void {
    this.states = this.states.slice(0, 1 + (index % this.states.length));
  }

  /** Reads one page; true while more pages follow. */
  async read(
    warehouse: Warehouse,
    dataset: string,
    limit: number,
    delivery: Delivery = "arrives",
  ): Promise<boolean> {
    const cursor = this.states.at(-1) ?? start;
    const { header, changes } = await warehouse.changes(dataset, { ...cursor, limit });
    if (header.status === "resync") {
      assert.ok(cursor.epoch !== null, "a new reader gets no resync");
      if (delivery !== "lost") this.states.push(start);
      return true;
    }
    assert.equal(header.status, "ok");
    let { version, row } = cursor;
    for (const change of changes) {
      assert.ok(change.version > version || (change.version === version && change.row > row), "in order");
      ({ version, row } = change);
    }
    if (delivery === "lost") return true;
    // The first page of a whole read comes after a softDelete of everything.
    if (cursor.epoch === null) this.rows.clear();
    for (const change of changes) this.rows.set(change.row, change);
    if (delivery === "unsaved") return true;
    const epoch = String(header.epoch);
    const upto = Number(header.upto);
    const isMore = changes.length === limit;
    this.states.push(
      isMore
        ? { epoch, version, row, upto }
        : { epoch, version: upto, row: Number.MAX_SAFE_INTEGER, upto: null },
    );
    return isMore;
  }

  /** Reads a page run; true if it began at the end and found nothing. */
  async isAtEnd(warehouse: Warehouse, dataset: string, limit: number): Promise<boolean> {
    const { epoch, upto, version } = this.states.at(-1) ?? start;
    while (await this.read(warehouse, dataset, limit));
    const end = this.states.at(-1) ?? start;
    return epoch !== null && epoch === end.epoch && upto === null && version === end.version;
  }

  live(): string[] {
    return liveContent([...this.rows.values()]);
  }
}

/** The rows that are not deleted, as sorted text. */
export function liveContent(changes: readonly Change[]): string[] {
  return changes
    .filter(({ deleted }) => !deleted)
    .map((change) => contentOf(filled(change)))
    .sort();
}

/** The cells of a change that are not NULL: a column that came later does not count. */
export function filled({ cells }: Pick<Change, "cells">): Cells {
  return new Map(Object.entries(cells).flatMap(([name, cell]) => (cell === null ? [] : [[name, cell]])));
}
