import assert from "node:assert/strict";
import fastify, { type FastifyInstance } from "fastify";
import sql from "mssql";
import { normaliseName } from "../../../functions/src/names";
import { createFlowLog } from "../../../packages/azure-emulator/control-plane/flow-log";
import { inheritedNames } from "../../../packages/kit/testing/inherited-names";
import { FunctionWorld, policyLine, typedHeaders } from "./function-world";
import { createFivetran } from "./index";

describe("the function, from the database to Fivetran", () => {
  let world: FunctionWorld;
  let app: FastifyInstance;

  async function call(path: string, method: "GET" | "POST" | "PUT" = "POST", payload?: unknown) {
    const answer = await app.inject({
      method,
      url: `/fivetran/connections/dev${path}`,
      ...(payload === undefined
        ? {}
        : { payload: JSON.stringify(payload), headers: { "content-type": "application/json" } }),
    });
    const json = JSON.parse(answer.body);
    assert.equal(answer.statusCode, 200, answer.body);
    return json;
  }

  /** Compares the destination with the table, cell by cell. */
  async function assertSame(): Promise<void> {
    const rows =
      await world.query(`select policy_no, premium::text as premium, count, big::text as big, open, rate, text,
        to_char(bound, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as bound, to_char(day, 'YYYY-MM-DD') as day
      from data.policies where not _deleted`);
    const landed = rows.map((row) => ({ ...row, count: Number(row.count), rate: Number(row.rate) }));
    const sent = (await call("/tables/policies", "GET")).map(
      ({ _fivetran_deleted, _fivetran_synced, ...cells }: Record<string, unknown>) => cells,
    );
    const order = (list: Record<string, unknown>[]) =>
      list
        .map((row) => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))
        .sort((a, b) => (String(a.policy_no) < String(b.policy_no) ? -1 : 1));
    assert.deepEqual(order(sent), order(landed));
    const notes = await world.query(
      "select _row_id::text as id, x, y from data.notes where not _deleted order by _row_id",
    );
    const sentNotes = await call("/tables/notes", "GET");
    assert.deepEqual(
      sentNotes.map((row: Record<string, unknown>) => [String(row.qt_row_id), row.x, row.y]).sort(),
      notes.map(({ id, x, y }) => [id, x, y]).sort(),
    );
  }

  before(async () => {
    world = await FunctionWorld.start();
    app = fastify();
    createFivetran({ context: { flow: createFlowLog() }, pool: (name) => world.pool(name) }).routes?.(app);
    await app.ready();
    const { functionUrl } = world;
    await call("", "PUT", { functionUrl, functionKey: "key", customPayload: { pageRows: "40" } });
  });

  after(async () => {
    await app?.close();
    await world?.stop();
  });

  it("passes the connection test before the first publish", async () => {
    assert.deepEqual((await call("/test")).passedWithSyncId, true);
    assert.equal((await call("/sync")).pages, 1);
  });

  it("sends a first snapshot whole, in pages", async () => {
    await world.loadPolicies(Array.from({ length: 100 }, (_, index) => policyLine(index)));
    await world.load("notes", "x,y\nsame,1\nsame,1\nother,");
    const report = await call("/sync");
    assert.deepEqual([report.inserts, report.updates, report.deletes, report.warnings], [103, 0, 0, []]);
    assert.equal(report.pages, 3);
    await assertSame();
  });

  it("reads typed values as short text, as the T-SQL of the feed sends them", async () => {
    const connection = await new sql.ConnectionPool(world.connect()).connect();
    try {
      const request = connection.request();
      request.input("dataset_id", sql.NVarChar, "policies");
      for (const name of ["epoch", "upto"]) request.input(name, sql.NVarChar, null);
      for (const name of ["after_version", "after_row"]) request.input(name, sql.BigInt, 0);
      request.input("limit", sql.Int, 1);
      const { recordsets } = await request.execute("qt.changes");
      const columns = (recordsets as unknown as { columns: sql.IColumnMetadata }[])[1]?.columns ?? {};
      const limited = Object.entries(columns).filter(
        ([, { type, length }]) => type === sql.NVarChar && length < 8000,
      );
      const typed = typedHeaders.map((name) => name.toLowerCase());
      assert.deepEqual(limited.map(([name]) => name).sort(), typed.sort());
    } finally {
      await connection.close();
    }
  });

  it("sends exactly the changed rows of the next one", async () => {
    const lines = Array.from({ length: 100 }, (_, index) => policyLine(index, index < 5 ? "changed" : ""));
    await world.loadPolicies([...lines.slice(0, 90), policyLine(200), policyLine(201)]);
    const report = await call("/sync");
    const { inserts, updates, deletes, unchanged, softDeletes, activeRows } = report;
    assert.deepEqual(
      { inserts, updates, deletes, unchanged, softDeletes, activeRows },
      { inserts: 2, updates: 5, deletes: 10, unchanged: 0, softDeletes: 0, activeRows: 17 },
    );
    await assertSame();
    assert.equal((await call("/sync")).activeRows, 0);
  });

  it("sends nothing for an identical snapshot", async () => {
    await world.load("notes", "x,y\nsame,1\nsame,1\nother,");
    const { activeRows, pages } = await call("/sync");
    assert.deepEqual([activeRows, pages], [0, 1]);
  });

  it("removes one of two equal rows", async () => {
    await world.load("notes", "x,y\nsame,1\nother,");
    assert.equal((await call("/sync")).deletes, 1);
    await assertSame();
  });

  it("sends everything once in a resync", async () => {
    const { softDeletes, updates, inserts, unchanged } = await call("/resync");
    assert.deepEqual([softDeletes, updates, inserts, unchanged], [94, 94, 0, 0]);
    await assertSame();
  });

  it("limits pages by bytes, cancels the rest of a read, and loses no row", async () => {
    const { functionUrl } = await call("", "GET");
    const connection = (customPayload: object) =>
      call("", "PUT", { functionUrl, functionKey: "key", customPayload });
    await connection({ pageBytes: "2500" });
    const { pages, updates } = await call("/resync");
    assert.ok(pages > 8, `${pages} pages`);
    assert.equal(updates, 94);
    await assertSame();
    await connection({ pageRows: "40" });
  });

  it("recovers by itself if tombstones were purged before they were read", async () => {
    await world.loadPolicies(Array.from({ length: 50 }, (_, index) => policyLine(index)));
    await world.query("select qt.purge(0)");
    const { softDeletes } = await call("/sync");
    assert.equal(softDeletes, 92);
    await assertSame();
    assert.equal((await call("/sync")).activeRows, 0);
  });

  it("adds a new column for the rows that have a value in it", async () => {
    await world.load("notes", "x,y,z\nsame,1,\nother,,new");
    const { inserts, updates, deletes } = await call("/sync");
    assert.deepEqual([inserts + updates, deletes], [1, 1]);
    const rows = await call("/tables/notes", "GET");
    assert.deepEqual(rows.map(({ x, z }: Record<string, unknown>) => [x, z]).sort(), [
      ["other", "new"],
      ["same", null],
    ]);
  });

  it("sends columns whose headers every object inherits", async () => {
    await world.load("notes", `x,${inheritedNames}\nnamed,${inheritedNames}`);
    const { inserts, warnings } = await call("/sync");
    assert.deepEqual([inserts, warnings], [1, []]);
    const rows: Record<string, unknown>[] = await call("/tables/notes", "GET");
    const [named] = rows.filter(({ x }) => x === "named");
    assert.deepEqual(
      inheritedNames.map((header) => named?.[normaliseName(header)]),
      inheritedNames,
    );
  });

  it("sends a float with its point, whatever the database's text of it", async () => {
    const rates = ["2", "-0", "2E+3", "1e15", "0.25"];
    const lines = rates.map((rate, index) => policyLine(index).replace(",1.5,", `,${rate},`));
    await world.loadPolicies(lines);
    const answer = await fetch(world.functionUrl, { method: "POST", body: '{"state":{}}' });
    const sent = [...(await answer.text()).matchAll(/"rate":([^,}]*)/g)].map(([, json]) => json);
    assert.deepEqual(sent.sort(), ["0.0", "0.25", "1000000000000000.0", "2.0", "2000.0"]);
    await call("/sync");
    await assertSame();
  });
});
