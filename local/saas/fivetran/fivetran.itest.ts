import assert from "node:assert/strict";
import fastify, { type FastifyInstance } from "fastify";
import { createFlowLog } from "../../../packages/azure-emulator/control-plane/flow-log";
import {
  startWorld,
  type TestWorld,
} from "../../../packages/azure-emulator/services/sql/testing/test-support";
import { inheritedNames, withInheritedNames } from "../../../packages/kit/testing/inherited-names";
import { createFivetran } from "./index";
import { ScriptedFunction } from "./scripted-function";

const KEY = { primary_key: ["id"] };

describe("the local Fivetran on PostgreSQL", () => {
  let world: TestWorld;
  let app: FastifyInstance;
  let scripted: ScriptedFunction;
  const flow = createFlowLog();
  let now = new Date("2026-01-31T12:00:00Z");

  async function call(method: "GET" | "PUT" | "POST", path: string, body?: unknown, name = "test") {
    const payload =
      body === undefined
        ? {}
        : { payload: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const answer = await app.inject({ method, url: `/fivetran/connections/${name}${path}`, ...payload });
    return { status: answer.statusCode, text: answer.body, json: JSON.parse(answer.body) };
  }

  const page = (rest: Record<string, unknown>) => ({
    body: { state: { n: scripted.calls.length }, insert: {}, schema: { t: KEY }, hasMore: false, ...rest },
  });

  async function openApp(): Promise<FastifyInstance> {
    const opened = fastify();
    const pool = (database: string) => world.service.pool(database);
    createFivetran({ context: { flow }, pool, now: () => now }).routes?.(opened);
    await opened.ready();
    return opened;
  }

  before(async () => {
    world = await startWorld();
    scripted = await ScriptedFunction.start();
    app = await openApp();
    await call("PUT", "", { functionUrl: scripted.url, functionKey: "the-key", secrets: { apiKey: "s" } });
  });

  after(async () => {
    await app?.close();
    await scripted?.stop();
    await world?.stop();
  });

  it("calls the function as Fivetran does and keeps its state", async () => {
    scripted.answers = [
      page({ insert: { t: [{ id: 1, v: "a" }] }, hasMore: true }),
      page({ insert: { t: [{ id: 2, v: null }] } }),
    ];
    const { status, json } = await call("POST", "/sync");
    assert.equal(status, 200);
    assert.deepEqual(
      [json.pages, json.inserts, json.updates, json.activeRows, json.status],
      [2, 2, 0, 2, "succeeded"],
    );
    const [first, second] = scripted.calls;
    assert.deepEqual([first?.method, first?.key], ["POST", "the-key"]);
    assert.deepEqual(first?.body.state, {});
    assert.deepEqual(first?.body.secrets, { apiKey: "s" });
    assert.equal(first?.body.agent, "Fivetran Azure Functions Connector/test/test");
    assert.match(String(first?.body.sync_id), /^[0-9a-f-]{36}$/);
    assert.equal(first?.body.sync_id, second?.body.sync_id);
    assert.equal("setup_test" in (first?.body ?? {}), false);
    assert.deepEqual(second?.body.state, { n: 0 });
    assert.deepEqual((await call("GET", "/state")).json, { n: 0 });
  });

  it("distinguishes inserts, updates, unchanged records and deletes", async () => {
    scripted.answers = [
      page({
        insert: {
          t: [
            { id: 1, v: "a" },
            { id: 2, v: "b" },
            { id: 3, v: "c" },
          ],
        },
      }),
    ];
    const { json } = await call("POST", "/sync");
    assert.deepEqual([json.inserts, json.updates, json.unchanged, json.deletes], [1, 1, 1, 0]);
    scripted.answers = [page({ delete: { t: [{ id: 1 }, { id: 99 }] } })];
    assert.equal((await call("POST", "/sync")).json.deletes, 1);
    const live = (await call("GET", "/tables/t")).json;
    assert.deepEqual(
      live.map(({ id, v }: Record<string, unknown>) => [id, v]),
      [
        [2, "b"],
        [3, "c"],
      ],
    );
    assert.deepEqual(live[0]._fivetran_deleted, false);
    assert.match(live[0]._fivetran_synced, /^\d{4}-\d\d-\d\dT.*Z$/);
    assert.equal((await call("GET", "/tables/t?deleted=true")).json.length, 3);
  });

  it("brings a deleted record back and marks the rest of a soft-deleted table", async () => {
    scripted.answers = [
      page({
        softDelete: ["t"],
        insert: {
          t: [
            { id: 1, v: "again" },
            { id: 2, v: "b" },
          ],
        },
      }),
    ];
    const { json } = await call("POST", "/resync");
    assert.deepEqual(scripted.calls.at(-1)?.body.state, {});
    assert.deepEqual([json.softDeletes, json.inserts, json.updates], [2, 0, 2]);
    const live = (await call("GET", "/tables/t")).json;
    assert.deepEqual(
      live.map(({ id }: { id: number }) => id),
      [1, 2],
    );
  });

  it("counts a record once a month, whatever happens to it", async () => {
    assert.equal((await call("GET", "")).json.monthlyActiveRows, 3);
  });

  it("counts it again in the next calendar month (UTC), and deletes too, but not a soft delete of the whole table", async () => {
    const active = async () => (await call("GET", "", undefined, "months")).json.monthlyActiveRows;
    const send = async (time: string, rest: Record<string, unknown>) => {
      now = new Date(time);
      scripted.answers = [page(rest)];
      const { json } = await call("POST", "/sync", undefined, "months");
      assert.equal(json.status, "succeeded", JSON.stringify(json));
      return [json.activeRows, json.newlyActive, json.monthlyActiveRows];
    };
    await call("PUT", "", { functionUrl: scripted.url, functionKey: "k" }, "months");
    const both = { insert: { t: [{ id: 1 }, { id: 2 }] } };
    assert.deepEqual(await send("2026-01-31T23:59:59.999Z", both), [2, 2, 2]);
    assert.deepEqual(await send("2026-02-01T00:59:59.999+01:00", both), [2, 0, 2]);
    assert.deepEqual(await send("2026-02-01T00:00:00Z", { insert: { t: [{ id: 1 }] } }), [1, 1, 1]);
    assert.deepEqual(await send("2026-02-28T23:59:59Z", { delete: { t: [{ id: 2 }] } }), [1, 1, 2]);
    // Deleting a record that is missing or already deleted counts for nothing.
    assert.deepEqual(
      await send("2026-03-01T00:00:00Z", { delete: { t: [{ id: 2 }, { id: 9 }] } }),
      [0, 0, 0],
    );
    assert.deepEqual(await send("2026-03-01T00:00:00Z", { softDelete: ["t"] }), [0, 0, 0]);
    assert.deepEqual(await send("2026-03-31T00:00:00Z", { softDelete: ["t"], ...both }), [2, 2, 2]);
    now = new Date("2026-01-31T12:00:00Z");
    assert.equal(await active(), 2);
  });

  it("accepts a soft delete of a missing table, and learns its key when the table comes", async () => {
    scripted.answers = [page({ schema: {}, softDelete: ["later"] })];
    assert.equal((await call("POST", "/sync")).status, 200);
    scripted.answers = [page({ schema: { later: KEY }, insert: { later: [{ id: 1 }] } })];
    assert.equal((await call("POST", "/sync")).json.inserts, 1);
  });

  it("reports the size of the bodies", async () => {
    const body = JSON.stringify({
      state: {},
      insert: { t: [{ id: 70, v: "é" }] },
      schema: { t: KEY },
      hasMore: false,
    });
    scripted.answers = [{ body }];
    const { json } = await call("POST", "/sync");
    assert.equal(json.bytes, Buffer.byteLength(body));
    scripted.answers = [page({ delete: { t: [{ id: 70 }] } })];
    await call("POST", "/sync");
  });

  it("keeps every digit, every character, and columns that only some records have", async () => {
    const text = `{"state":{"v":9007199254740991},"insert":{"odd":[{"id":"\\\\N","n":0.10,"s":"tab\\t line\\n \\u0041 \u{1f600}"},{"id":"b","late":1e20}]},"schema":{"odd":{"primary_key":["id"]}},"hasMore":false}`;
    scripted.answers = [{ body: text }];
    assert.equal((await call("POST", "/sync")).status, 200);
    const { text: rows, json } = await call("GET", "/tables/odd");
    assert.match(rows, /"n":0\.10,/);
    assert.match(rows, /"late":1e20/);
    const odd = json.find(({ id }: { id: string }) => id === "\\N");
    assert.deepEqual([odd.s, odd.late], ["tab\t line\n A \u{1f600}", null]);
    assert.match((await call("GET", "/state")).text, /^\{"v":9007199254740991\}$/);
  });

  it("applies nothing of a page that breaks a rule, and keeps the state", async () => {
    const before = (await call("GET", "/state")).text;
    scripted.answers = [page({ insert: { t: [{ id: 7 }, { id: 7 }] } })];
    const { status, json } = await call("POST", "/sync");
    assert.deepEqual([status, json.error.code, json.report.status], [502, "QT8505", "failed"]);
    assert.equal((await call("GET", "/state")).text, before);
    scripted.answers = [page({ schema: { t: { primary_key: ["v"] } }, insert: { t: [{ v: 1 }] } })];
    assert.match(
      (await call("POST", "/sync")).json.error.message,
      /be very consistent with the schema field/,
    );
  });

  it("fails with the function's message and keeps what it had", async () => {
    scripted.answers = [
      page({ insert: { t: [{ id: 50 }] }, hasMore: true }),
      { body: { errorMessage: "the database sleeps", errorType: "Sleepy" } },
    ];
    const { json } = await call("POST", "/sync");
    assert.match(json.error.message, /the database sleeps/);
    assert.deepEqual([json.report.pages, json.report.inserts], [1, 1]);
  });

  it("stops a function that answers empty pages for ever", async () => {
    scripted.answers = [page({ hasMore: true })];
    const { json } = await call("POST", "/sync");
    assert.match(json.error.message, /10 consecutive empty responses/);
  });

  it("tests the connection with and then without sync_id", async () => {
    scripted.answers = [{ body: { errorMessage: "no" } }, page({})];
    const { json } = await call("POST", "/test");
    assert.deepEqual([json.status, json.passedWithSyncId], ["passed", false]);
    const [first, second] = scripted.calls.slice(-2);
    assert.deepEqual([first?.body.setup_test, first?.body.sync_id], [true, "setup-test"]);
    assert.deepEqual([second?.body.setup_test, "sync_id" in (second?.body ?? {})], [true, false]);
  });

  it("runs one sync at a time", async () => {
    scripted.answers = [page({})];
    const [first, second] = await Promise.all([call("POST", "/sync"), call("POST", "/sync")]);
    assert.deepEqual([first.status, second.status].sort(), [200, 409]);
  });

  it("accepts an edited state, and names what it does not have", async () => {
    assert.equal((await call("PUT", "/state", { edited: true })).status, 200);
    scripted.answers = [page({})];
    await call("POST", "/sync");
    assert.deepEqual(scripted.calls.at(-1)?.body.state, { edited: true });
    assert.equal((await call("PUT", "/state", [1])).status, 400);
    assert.equal((await call("GET", "/tables/none")).status, 404);
    assert.equal((await call("POST", "/sync", undefined, "nobody")).status, 404);
  });

  it("shows neither key nor secrets", async () => {
    const { text } = await call("GET", "");
    assert.doesNotMatch(text, /the-key|apiKey/);
  });

  it("takes tables and columns whose names every object inherits", async () => {
    const schema = withInheritedNames(() => ({ primary_key: ["constructor"] }));
    const send = (row: object) =>
      page({ insert: withInheritedNames(() => [row]), schema: { t: KEY, ...schema } });
    const row = withInheritedNames((column) => `of ${column}`);
    scripted.answers = [send(row)];
    const { status, json } = await call("POST", "/sync");
    assert.deepEqual([status, json.inserts, json.warnings], [200, inheritedNames.length, []]);
    // What a record lacks is null, also in a column with such a name.
    scripted.answers = [send({ constructor: "second" })];
    assert.equal((await call("POST", "/sync")).json.inserts, inheritedNames.length);
    for (const table of inheritedNames) {
      const [first, second] = (await call("GET", `/tables/${table}`)).json;
      const cells = (from: Record<string, unknown>) => inheritedNames.map((name) => [name, from[name]]);
      assert.deepEqual(cells(first), cells(row));
      assert.deepEqual(cells(second), [
        ["constructor", "second"],
        ...cells(withInheritedNames(() => null)).slice(1),
      ]);
    }
  });

  it("finds everything again after a restart", async () => {
    await app.close();
    world = await world.restart();
    app = await openApp();
    assert.equal((await call("GET", "/tables/t")).json.length, 3);
    scripted.answers = [page({ insert: { t: [{ id: 60 }] } })];
    assert.equal((await call("POST", "/sync")).json.inserts, 1);
  });
});
