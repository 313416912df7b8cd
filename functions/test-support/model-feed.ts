import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { ChangeReader, ChangesHead, ChangesQuery, Column, Dataset, Feed } from "../src/feed";

type Cells = readonly (string | null)[];

interface StoredRow {
  readonly id: number;
  readonly key: string;
  cells: Cells;
  version: number;
  deleted: boolean;
}

interface Backup {
  readonly rows: readonly StoredRow[];
  readonly publishedVersion: number;
  readonly purgedThrough: number;
  readonly nextId: number;
}

export interface ModelDatasetOptions {
  readonly id: string;
  readonly table?: string;
  readonly keyColumns?: readonly string[];
  readonly columns: readonly Column[];
  readonly status?: string;
}

/** One dataset of the model: a landed table with versions and tombstones, as the database's procedures keep it. */
export class ModelDataset {
  epoch: string = randomUUID();
  publishedVersion = 0;
  purgedThrough = 0;
  columns: readonly Column[];
  readonly keyColumns: readonly string[];
  readonly #rows = new Map<string, StoredRow>();
  #nextId = 1;
  #backup: Backup | undefined;

  constructor(readonly options: ModelDatasetOptions) {
    this.columns = options.columns;
    this.keyColumns = options.keyColumns ?? [];
  }

  /** Publishes a snapshot: cells by key. Only rows that differ get the new version. */
  publish(snapshot: ReadonlyMap<string, Cells>): void {
    const { publishedVersion, purgedThrough } = this;
    const rows = [...this.#rows.values()].map((row) => ({ ...row }));
    // A dataset that was never published is not sent, so there is nothing to compare.
    if (publishedVersion > 0) this.#backup = { rows, publishedVersion, purgedThrough, nextId: this.#nextId };
    const version = ++this.publishedVersion;
    for (const [key, cells] of snapshot) {
      const row = this.#rows.get(key);
      if (row === undefined) this.#rows.set(key, { id: this.#nextId++, key, cells, version, deleted: false });
      else if (row.deleted || JSON.stringify(row.cells) !== JSON.stringify(cells)) {
        Object.assign(row, { cells, version, deleted: false });
      }
    }
    for (const row of this.#rows.values()) {
      if (!row.deleted && !snapshot.has(row.key)) Object.assign(row, { version, deleted: true });
    }
  }

  /** Removes tombstones up to a version. */
  purge(through: number): void {
    this.purgedThrough = Math.max(this.purgedThrough, Math.min(through, this.publishedVersion));
    for (const row of this.#rows.values()) {
      if (row.deleted && row.version <= this.purgedThrough) this.#rows.delete(row.key);
    }
  }

  /** Restores the database to its state before the last publish. The next publish may differ from that one. */
  restore(): void {
    this.epoch = randomUUID();
    const backup = this.#backup;
    if (backup === undefined) return;
    this.#rows.clear();
    for (const row of backup.rows) this.#rows.set(row.key, { ...row });
    Object.assign(this, { publishedVersion: backup.publishedVersion, purgedThrough: backup.purgedThrough });
    this.#nextId = backup.nextId;
    this.#backup = undefined;
  }

  get live(): readonly StoredRow[] {
    return [...this.#rows.values()].filter(({ deleted }) => !deleted);
  }

  get info(): Dataset {
    const { id, table = id, status = "active" } = this.options;
    const { epoch, publishedVersion, purgedThrough, keyColumns, columns } = this;
    return { id, table, status, epoch, publishedVersion, purgedThrough, keyColumns, columns };
  }

  /** Rows after a position up to a version, in order. */
  changes(query: ChangesQuery, upto: number): StoredRow[] {
    const { afterVersion, afterRow } = query;
    return [...this.#rows.values()]
      .filter(({ version, id }) => version > afterVersion || (version === afterVersion && id > afterRow))
      .filter(({ version }) => version <= upto)
      .sort((a, b) => a.version - b.version || a.id - b.id);
  }
}

/** A change feed in memory with the contract of `qt.list_datasets` and `qt.changes`. */
export class ModelFeed implements Feed {
  statements = 0;
  /** Called before each statement: publish, purge or fail from here. */
  beforeChanges: (query: ChangesQuery) => void = () => {};
  /** Called before each row. */
  beforeRow: () => void = () => {};

  #calls = 0;

  constructor(readonly datasets: ModelDataset[]) {}

  async listDatasets(): Promise<Dataset[]> {
    this.#count();
    return this.datasets.map(({ info }) => info);
  }

  async changes(query: ChangesQuery, reader: ChangeReader, signal: AbortSignal): Promise<"end" | "stopped"> {
    this.#count();
    this.statements++;
    this.beforeChanges(query);
    const dataset = this.datasets.find(({ options }) => options.id === query.datasetId);
    const head = headOf(dataset, query);
    reader.head(head);
    if (dataset === undefined || head.status !== "ok") return "end";
    for (const { version, id, deleted, cells } of dataset.changes(query, head.upto).slice(0, query.limit)) {
      this.beforeRow();
      if (signal.aborted) return "stopped";
      // The driver returns bigints as text.
      if (!reader.row([String(version), String(id), deleted, ...cells])) return "stopped";
    }
    return "end";
  }

  /** A sync without an end fails rather than hang. */
  #count(): void {
    assert.ok(++this.#calls < 20_000, "a sync ends");
  }
}

function headOf(dataset: ModelDataset | undefined, query: ChangesQuery): ChangesHead {
  const none = { epoch: "", upto: 0, purgedThrough: 0, keyColumns: [], columns: [] };
  if (dataset === undefined) return { status: "unknown", ...none };
  const { epoch, publishedVersion, purgedThrough, keyColumns, columns } = dataset;
  const upto = Math.min(query.upto ?? publishedVersion, publishedVersion);
  const head = { epoch, upto, purgedThrough, keyColumns, columns };
  const checked = query.epoch !== null;
  if (checked && (query.epoch !== epoch || query.afterVersion < purgedThrough))
    return { status: "resync", ...head };
  return { status: "ok", ...head };
}
