import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { DatasetInput } from "../../infra/dataset-schema";
import type { Cell, Driver, Row, Session } from "./driver";
import { PostgresDriver } from "./postgres-driver";
import { SqlServerDriver } from "./sql-server-driver";

/** The result of qt.publish. */
export interface Published {
  readonly status: string;
  readonly version: number;
  readonly staged: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  /** By column, the filled cells that became NULL; null if none did. */
  readonly emptied: Readonly<Record<string, number>> | null;
}

export interface Snapshot {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Change {
  readonly version: number;
  readonly row: number;
  readonly deleted: boolean;
  readonly cells: Readonly<Record<string, Cell>>;
}

export interface Page {
  readonly header: Row;
  readonly changes: readonly Change[];
}

/** Calls the procedures as the chain does, on any engine. */
export class Warehouse {
  constructor(
    readonly driver: Driver,
    readonly session: Pick<Session, "call"> = driver,
  ) {}

  /** The same database over another connection. */
  async another(): Promise<Warehouse & { readonly session: Session }> {
    const session = await this.driver.session();
    return Object.assign(new Warehouse(this.driver, session), { session });
  }

  async configure(datasets: readonly DatasetInput[], unknownDatasets = "ignore"): Promise<void> {
    const parameters = { datasets: JSON.stringify(datasets), unknown_datasets: unknownDatasets };
    await this.session.call("qt.configure", parameters);
  }

  async begin(dataset: string, runId: string = randomUUID()): Promise<string> {
    await this.session.call("qt.begin_load", { run_id: runId, dataset_id: dataset });
    return runId;
  }

  async publish(runId: string, allowShrink = false): Promise<Published> {
    const [rows] = await this.session.call("qt.publish", { run_id: runId, allow_shrink: allowShrink });
    const row = rows?.[0];
    assert.ok(row, "qt.publish returns one row");
    const number = (name: string) => Number(row[name]);
    return {
      status: String(row.status),
      version: number("version"),
      staged: number("rows_staged"),
      inserted: number("inserted"),
      updated: number("updated"),
      deleted: number("deleted"),
      emptied: row.emptied === null ? null : (JSON.parse(String(row.emptied)) as Record<string, number>),
    };
  }

  /** A whole run: begin, copy, publish. */
  async load(dataset: string, snapshot: Snapshot, allowShrink = false): Promise<Published> {
    const runId = await this.begin(dataset);
    await this.driver.stage(runId, snapshot.header, snapshot.rows);
    return this.publish(runId, allowShrink);
  }

  async changes(
    dataset: string,
    cursor: {
      epoch?: string | null;
      version?: number;
      row?: number;
      upto?: number | null;
      limit?: number;
    } = {},
  ): Promise<Page> {
    const recordsets = await this.session.call("qt.changes", {
      dataset_id: dataset,
      epoch: cursor.epoch ?? null,
      after_version: cursor.version ?? 0,
      after_row: cursor.row ?? 0,
      upto: cursor.upto ?? null,
      limit: cursor.limit ?? 1_000_000,
    });
    const header = recordsets[0]?.[0];
    assert.ok(header, "qt.changes returns its header");
    return { header, changes: (recordsets[1] ?? []).map(toChange) };
  }

  /** The live rows that a reader of the whole feed gets, without the row ids. */
  async live(dataset: string): Promise<Record<string, Cell>[]> {
    const { changes } = await this.changes(dataset);
    return changes.filter((change) => !change.deleted).map((change) => ({ ...change.cells }));
  }
}

function toChange(row: Row): Change {
  const { _version, _row_id, _deleted, ...cells } = row;
  return {
    version: Number(_version),
    row: Number(_row_id),
    deleted: Boolean(_deleted),
    cells: cells as Record<string, Cell>,
  };
}

/** The twin, or the production T-SQL on the server that `SQLSERVER_URL` names, in a database of its own. */
export async function openWarehouse(roles = false): Promise<Warehouse> {
  const { SQLSERVER_URL } = process.env;
  const driver = SQLSERVER_URL ? SqlServerDriver.create(SQLSERVER_URL) : PostgresDriver.create(roles);
  return new Warehouse(await driver);
}

/**
 * Opens a migrated database before the suite's tests and closes it after them.
 * @param roles True if the suite needs users and grants.
 */
export function useWarehouse({ roles = false } = {}): () => Warehouse {
  let warehouse: Warehouse | undefined;
  before(async () => {
    warehouse = await openWarehouse(roles);
  });
  after(async () => {
    await warehouse?.driver.close();
  });
  return () => {
    assert.ok(warehouse, "the database is open");
    return warehouse;
  };
}

/** Asserts that the action fails with the database's error of that code. */
export function refuses(action: Promise<unknown>, code: string, text = /./): Promise<void> {
  return assert.rejects(action, (error: unknown) => {
    assert.ok(error instanceof Error);
    assert.ok(error.message.startsWith(`${code}: `), error.message);
    assert.match(error.message, text);
    return true;
  });
}
