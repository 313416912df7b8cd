import assert from "node:assert/strict";
import type { Cell } from "./driver";
import type { Change, Warehouse } from "./warehouse";

/** A consumer of the feed, with its rows and its cursor. */
export class Replica {
  private rows = new Map<number, Change>();
  private version = 0;
  private row = 0;
  private upto: number | null = null;
  private epoch: string | null = null;

  fork(): Replica {
    return Object.assign(new Replica(), { ...this, rows: new Map(this.rows) });
  }

  /** Reads one page; true while more pages follow. */
  async read(warehouse: Warehouse, dataset: string, limit: number): Promise<boolean> {
    const cursor = { epoch: this.epoch, version: this.version, row: this.row, upto: this.upto, limit };
    const { header, changes } = await warehouse.changes(dataset, cursor);
    if (header.status === "resync") {
      assert.ok(this.epoch !== null, "a new reader gets no resync");
      Object.assign(this, new Replica());
      return true;
    }
    assert.equal(header.status, "ok");
    for (const change of changes) {
      assert.ok(
        change.version > this.version || (change.version === this.version && change.row > this.row),
        "in order",
      );
      this.rows.set(change.row, change);
      this.version = change.version;
      this.row = change.row;
    }
    this.epoch = String(header.epoch);
    this.upto = Number(header.upto);
    if (changes.length === limit) return true;
    this.version = this.upto;
    this.row = Number.MAX_SAFE_INTEGER;
    this.upto = null;
    return false;
  }

  live(): string[] {
    return content([...this.rows.values()].filter((row) => !row.deleted).map((row) => row.cells));
  }
}

/** Rows as sorted text. NULLs do not count, because their column may come from a later snapshot. */
export function content(rows: readonly Readonly<Record<string, Cell>>[]): string[] {
  return rows.map(values).sort();
}

/** A row as text, without its NULLs. */
export function values(cells: Readonly<Record<string, Cell>>): string {
  return JSON.stringify(
    Object.entries(cells)
      .filter(([, value]) => value !== null)
      .sort(),
  );
}
