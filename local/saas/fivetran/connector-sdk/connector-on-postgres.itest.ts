import assert from "node:assert/strict";
import { createFlowLog } from "../../../../packages/azure-emulator/control-plane/flow-log";
import { skip } from "../../../../packages/kit/testing/skip";
import { ConnectionStore } from "../connection-store";
import { FunctionWorld, policyLine } from "../function-world";
import { isErrorPage, parsePage } from "../page-parser";
import { addChanges, noChanges } from "../report";
import { syncConnection } from "../sync";
import { type Checkpointed, type ConnectorRun, missingPython, runConnector } from "./connector-run";
import { pageOfOperations } from "./page-of-operations";

type Row = Readonly<Record<string, unknown>>;
const PATHS = ["connector", "function"] as const;

describe("the Connector SDK connector, from the function and its database to Fivetran", () => {
  let world: FunctionWorld;
  let store: ConnectionStore;

  before(async function () {
    const missing = await missingPython();
    if (missing !== undefined) {
      skip(this, missing);
    }
    world = await FunctionWorld.start();
    store = new ConnectionStore(
      () => world.pool("fivetran"),
      () => new Date(),
    );
    const { functionUrl } = world;
    const customPayload = { pageRows: "40" };
    for (const path of PATHS) {
      await store.putConfig(path, { functionUrl, functionKey: "key", secrets: {}, customPayload });
    }
  });

  after(() => world?.stop());

  /** Writes operations as Fivetran does. Operations without a checkpoint leave the state as it was. */
  async function write(run: ConnectorRun, page: Checkpointed) {
    const parsed = parsePage(pageOfOperations(page, run.schema), await store.knownKeys("connector"));
    assert.ok(!isErrorPage(parsed));
    return store.apply("connector", parsed);
  }

  /** Syncs once with the connector from the stored state; `dieAfter` kills it. */
  async function syncByConnector(dieAfter = -1) {
    const state = JSON.parse(await store.state("connector")) as Row;
    const configuration = { function_url: world.functionUrl, function_key: "key", pageRows: "40" };
    const run = await runConnector(configuration, state, { dieAfter });
    assert.equal(run.error, undefined);
    const total = noChanges();
    const warnings: string[] = [];
    for (const page of run.pages) {
      const applied = await write(run, page);
      addChanges(total, applied.changes);
      warnings.push(...applied.warnings);
    }
    assert.deepEqual(warnings, []);
    if (run.unfinished.length > 0) {
      const last = run.pages.at(-1)?.state ?? state;
      await write(run, { operations: run.unfinished, state: last });
    }
    return { run, total };
  }

  /** Live rows of a destination's table, in key order, with integers as text, because the two paths differ in that. */
  async function rowsOf(path: string, table: string): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const text of await store.rows(path, table, false)) {
      const { _fivetran_deleted, _fivetran_synced, ...cells } = JSON.parse(text) as Row;
      rows.push({ ...cells, ...("qt_row_id" in cells ? { qt_row_id: String(cells.qt_row_id) } : {}) });
    }
    const key = (row: Row) => String(row.policy_no ?? row.qt_row_id);
    return rows
      .map((row) => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))
      .sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  /** Compares the connector's destination with the database's tables and with the destination of the Function connection. */
  async function assertSame(): Promise<void> {
    await syncConnection("function", { store, flow: createFlowLog() });
    for (const table of ["policies", "notes"]) {
      assert.deepEqual(await rowsOf("connector", table), await rowsOf("function", table));
    }
    const policies =
      await world.query(`select policy_no, premium::text as premium, count, big::text as big, open,
        rate, text, to_char(bound, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as bound, to_char(day, 'YYYY-MM-DD') as day
      from data.policies where not _deleted order by policy_no collate "C"`);
    const landed = policies.map((row) => ({ ...row, count: Number(row.count), rate: Number(row.rate) }));
    const sorted = landed.map((row) => Object.fromEntries(Object.entries(row).sort()));
    assert.deepEqual(await rowsOf("connector", "policies"), sorted);
    assert.equal(
      JSON.stringify(await store.tables("connector")),
      JSON.stringify(await store.tables("function")),
    );
  }

  const lines = (count: number, changed = 0) =>
    Array.from({ length: count }, (_, index) => policyLine(index, index < changed ? "changed" : ""));

  it("declares nothing and sends nothing before the first publish", async () => {
    const { run } = await syncByConnector();
    assert.deepEqual([run.schema, run.pages.length], [[], 1]);
  });

  it("sends a first snapshot whole, with the tenant's own types", async () => {
    await world.loadPolicies(lines(100));
    await world.load("notes", "x,y\nsame,1\nsame,1\nother,");
    const { run, total } = await syncByConnector();
    assert.deepEqual([run.pages.length, total.inserts, total.updates, total.deletes], [3, 103, 0, 0]);
    assert.deepEqual(
      run.schema.map(({ table, primary_key }) => [table, primary_key]),
      [
        ["notes", ["qt_row_id"]],
        ["policies", ["policy_no"]],
      ],
    );
    const { premium, big, rate, bound } = run.schema[1]?.columns ?? {};
    assert.deepEqual(
      [premium, big, rate, bound],
      [{ type: "DECIMAL", precision: 38, scale: 6 }, "LONG", "DOUBLE", "UTC_DATETIME"],
    );
    await assertSame();
  });

  it("sends exactly the changed rows of the next one, and nothing after it", async () => {
    await world.loadPolicies([...lines(100, 5).slice(0, 90), policyLine(200), policyLine(201)]);
    await world.load("notes", "x,y\nsame,1\nother,");
    const { total } = await syncByConnector();
    assert.deepEqual([total.inserts, total.updates, total.deletes, total.unchanged], [2, 5, 11, 0]);
    await assertSame();
    const { run } = await syncByConnector();
    assert.deepEqual(
      run.pages.map(({ operations }) => operations),
      [[]],
    );
  });

  it("truncates and sends everything once in a resync", async () => {
    await store.putState("connector", "{}");
    const { run, total } = await syncByConnector();
    assert.deepEqual([total.softDeletes, total.updates, total.inserts, total.unchanged], [94, 94, 0, 0]);
    const operations = run.pages.flatMap((page) => page.operations);
    assert.equal(operations.filter(({ op }) => op === "truncate").length, 2);
    await assertSame();
  });

  it("ends with the same tables, no matter where a sync is killed", async () => {
    const histories = [
      { dieAfter: 1, before: lines(60, 30), after: lines(100, 50) },
      { dieAfter: 20, before: lines(80, 10), after: lines(70, 60) },
      { dieAfter: 41, before: lines(110, 5), after: lines(100) },
      { dieAfter: 55, before: lines(90, 70), after: lines(95, 60) },
    ];
    for (const [index, { dieAfter, before, after }] of histories.entries()) {
      // Every other sync is killed in the middle of a resync.
      if (index % 2 === 1) await store.putState("connector", "{}");
      await world.loadPolicies(before);
      const killed = await syncByConnector(dieAfter);
      const done = killed.run.pages.reduce((sum, { operations }) => sum + operations.length + 1, 0);
      assert.equal(done + killed.run.unfinished.length, dieAfter);
      await world.loadPolicies(after);
      await syncByConnector();
      await assertSame();
    }
  });

  it("starts a resync by itself if tombstones were purged before they were read", async () => {
    await world.loadPolicies(lines(50));
    await world.query("select qt.purge(0)");
    const { total } = await syncByConnector();
    assert.equal(total.softDeletes, 95);
    await assertSame();
  });

  it("declares a column that is added later", async () => {
    await world.load("notes", "x,y,z\nsame,1,\nother,,new");
    const { run } = await syncByConnector();
    assert.equal(run.schema[0]?.columns.z, "STRING");
    await assertSame();
  });
});
