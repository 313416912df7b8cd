import assert from "node:assert/strict";
import { skip } from "../../../../packages/kit/testing/skip";
import { type ScriptedAnswer, ScriptedFunction } from "../scripted-function";
import { type ConnectorRun, missingPython, runConnector } from "./connector-run";

const KEY = "the-function-key";
const CELL = "a-cell-of-the-tenant";
const COLUMNS = { id: "int", name: "text" };
const SCHEMA = { t: { primary_key: ["id"] } };

describe("the Connector SDK connector against a scripted function", () => {
  let scripted: ScriptedFunction;

  before(async function () {
    const missing = await missingPython();
    if (missing !== undefined) {
      skip(this, missing);
    }
    scripted = await ScriptedFunction.start();
  });

  after(() => scripted?.stop());

  /** The answer to a connection test; with `columns` undefined, that of a function that names no columns. */
  const described = (columns: object | undefined = COLUMNS, key = ["id"]) => ({
    body: { state: {}, insert: {}, schema: { t: { primary_key: key, columns } }, hasMore: false },
  });
  const page = (rest: object = {}) => ({
    body: { state: { n: 1 }, insert: {}, schema: SCHEMA, hasMore: false, ...rest },
  });
  const rows = (...ids: number[]) => ({ insert: { t: ids.map((id) => ({ id, name: CELL })) } });

  /** Syncs once against the answers. Its output, apart from operations, must hold neither the key nor a cell. */
  async function sync(answers: readonly ScriptedAnswer[], configuration: object = {}, state: object = {}) {
    scripted.calls.length = 0;
    scripted.answers = [...answers];
    const all = { function_url: scripted.url, function_key: KEY, ...configuration };
    const run = await runConnector(all, { ...state });
    const otherOutput = run.output
      .split("\n")
      .filter((line) => !/^\{"op": "(upsert|delete|checkpoint)"/.test(line))
      .join("\n");
    assert.ok(!otherOutput.includes(KEY) && !otherOutput.includes(CELL), otherOutput);
    return run;
  }

  const failure = ({ error }: ConnectorRun): string => {
    assert.equal(error?.type, "SyncError");
    return error.message;
  };
  const afterTest = (...answers: ScriptedAnswer[]) => [described(), ...answers];

  it("requests what schema() needs, then pages, with the key in the header", async () => {
    const configuration = { datasets: "a,b", pageRows: "10", pageBytes: "" };
    await sync(afterTest(page({ ...rows(1), hasMore: true }), page({ state: { n: 2 } })), configuration, {
      n: 0,
    });
    const [test, first, second] = scripted.calls;
    assert.ok(scripted.calls.every(({ method, key }) => method === "POST" && key === KEY));
    assert.deepEqual([test?.body.setup_test, test?.body.describe_columns], [true, true]);
    assert.deepEqual([first?.body.state, second?.body.state], [{ n: 0 }, { n: 1 }]);
    assert.match(String(first?.body.sync_id), /^[0-9a-f-]{36}$/);
    assert.equal(second?.body.sync_id, first?.body.sync_id);
    for (const { body } of scripted.calls) {
      assert.deepEqual(body.customPayload, { datasets: "a,b", pageRows: "10" });
      assert.equal(body.secrets, undefined);
    }
    assert.equal(first?.body.setup_test, undefined);
  });

  it("declares each of the function's types as a type of the SDK", async () => {
    const columns = {
      id: "bigint",
      a: "text",
      b: "int",
      c: "decimal(38,6)",
      d: "float",
      e: "bit",
      f: "date",
      g: "datetime2",
    };
    const { schema } = await sync([described(columns), page()]);
    assert.deepEqual(schema, [
      {
        table: "t",
        primary_key: ["id"],
        columns: {
          id: "LONG",
          a: "STRING",
          b: "INT",
          c: { type: "DECIMAL", precision: 38, scale: 6 },
          d: "DOUBLE",
          e: "BOOLEAN",
          f: "NAIVE_DATE",
          g: "UTC_DATETIME",
        },
      },
    ]);
    assert.match(failure(await sync([described({ id: "geography" })])), /type geography/);
  });

  it("keeps every digit of a 64-bit integer", async () => {
    const big = ["9223372036854775807", "-9223372036854775808"];
    const sent = page({ insert: { t: big.map((id) => ({ id })) } });
    const { pages } = await sync([described({ id: "bigint" }), sent]);
    assert.deepEqual(
      pages[0]?.operations,
      big.map((id) => ({ op: "upsert", table: "t", row: { id } })),
    );
    const text = page({ insert: { t: [{ id: CELL }] } });
    assert.match(failure(await sync([described({ id: "bigint" }), text])), /id of t holds no 64-bit integer/);
  });

  it("keeps the point of a float", async () => {
    const body =
      '{"state":{},"insert":{"t":[{"id":2.0}]},"schema":{"t":{"primary_key":["id"]}},"hasMore":false}';
    const { output } = await sync([described({ id: "float" }), { body }]);
    assert.match(output, /"row": \{"id": 2\.0\}/);
  });

  it("truncates, then deletes by key, then upserts, then checkpoints the page's state", async () => {
    const remove = { t: [{ id: 3, name: CELL }] };
    const state = { format: 1, datasets: { a: { version: 7 } } };
    const { pages } = await sync(
      afterTest(page({ ...rows(1, 2), delete: remove, softDelete: ["t"], state })),
    );
    assert.deepEqual(pages[0]?.state, state);
    assert.deepEqual(
      pages[0]?.operations.map((operation) => [operation.op, "row" in operation ? operation.row : undefined]),
      [
        ["truncate", undefined],
        ["delete", { id: 3 }],
        ["upsert", { id: 1, name: CELL }],
        ["upsert", { id: 2, name: CELL }],
      ],
    );
  });

  it("checkpoints each page before it requests the next, including an empty last one", async () => {
    const broken = { body: { errorMessage: "QT5008: asleep", errorType: "QT5008", stackTrace: "x" } };
    const run = await sync(afterTest(page({ ...rows(1), hasMore: true }), broken));
    assert.equal(failure(run), "QT5008: asleep");
    assert.deepEqual(
      run.pages.map(({ state }) => state),
      [{ n: 1 }],
    );
    assert.deepEqual((await sync(afterTest(page({ state: { n: 5 } })))).pages, [
      { operations: [], state: { n: 5 } },
    ]);
  });

  it("does not loop on an empty page that promises more", async () => {
    assert.match(failure(await sync(afterTest(page({ hasMore: true })))), /hasMore in a page without a row/);
  });

  it("leaves data published since the sync began to the next sync", async () => {
    const late = page({ state: { n: 2 }, insert: { late: [{ id: 1 }] }, schema: { late: SCHEMA.t } });
    const both = { t: SCHEMA.t, late: SCHEMA.t };
    const now = {
      body: {
        ...described().body,
        schema: { ...described().body.schema, late: { ...SCHEMA.t, columns: COLUMNS } },
      },
    };
    const run = await sync(afterTest(page({ ...rows(1), hasMore: true, schema: both }), late, now));
    assert.equal(run.error, undefined);
    assert.deepEqual([run.pages.length, run.unfinished], [1, []]);
    assert.match(run.log.join(), /The next sync continues from here: table late/);
    assert.match(failure(await sync(afterTest(late, described()))), /table late, which it does not declare/);
    const column = page({ insert: { t: [{ id: 1, extra: CELL }] } });
    assert.match(failure(await sync(afterTest(column, described()))), /column extra of t/);
    const key = page({ ...rows(1), schema: { t: { primary_key: ["name"] } } });
    assert.match(failure(await sync(afterTest(key, described()))), /the primary key of t/);
  });

  it("tries again, with growing pauses, while the host is busy or the connection breaks", async () => {
    const busy = (status: number, headers = {}) => ({ body: "busy", status, headers });
    const answers = [
      busy(429, { "retry-after": "7" }),
      busy(500),
      busy(502),
      { cut: true } as const,
      { cut: true, beginning: `{"state":{},"insert":{"t":[{"name":"${CELL}` } as const,
    ];
    const run = await sync(afterTest(...answers, page(rows(1))));
    assert.equal(run.error, undefined);
    assert.deepEqual(run.pauses, [7, 4, 8, 16, 32]);
    assert.equal(run.pages[0]?.operations.length, 1);
    const given = await sync(afterTest(busy(503)));
    assert.match(failure(given), /could not be called.*status 503/);
    assert.equal(given.pauses.length, 5);
    assert.deepEqual((await sync(afterTest(busy(429, { "retry-after": "9999" }), page()))).pauses, [60]);
  });

  it("fails at once if trying again cannot help", async () => {
    for (const status of [400, 401, 403, 404]) {
      const run = await sync([{ body: CELL, status }]);
      assert.match(failure(run), new RegExp(`status ${status}`));
      assert.deepEqual([run.pauses, scripted.calls.length], [[], 1]);
    }
    assert.match(failure(await sync([{ body: "", status: 401 }])), /check function_key/);
  });

  it("follows no redirect, which would send the key elsewhere", async () => {
    const headers = { location: `${scripted.url}/elsewhere` };
    for (const status of [301, 302, 307]) {
      assert.match(failure(await sync([{ body: "", status, headers }, page()])), /status 30/);
      assert.equal(scripted.calls.length, 1);
    }
  });

  it("refuses what is not a page", async () => {
    const wrong: [ScriptedAnswer, RegExp][] = [
      [{ body: `{"state":{"n":"${CELL}"` }, /not JSON/],
      [{ body: `{"state":{},"insert":{"t":[{"id":NaN}]},"schema":{},"hasMore":false}` }, /not JSON/],
      [{ body: Buffer.from([0x7b, 0xff, 0x7d]) }, /not JSON/],
      [{ body: "[".repeat(100_000) + "]".repeat(100_000) }, /not JSON/],
      [{ body: [] }, /not a page/],
      [page({ state: null }), /not a page/],
      [page({ hasMore: "false" }), /not a page/],
      [page({ insert: { t: { id: 1 } } }), /not a page/],
      [page({ insert: { t: [CELL] } }), /not a page/],
      [page({ softDelete: true }), /not a page/],
      [page({ softDelete: [{}] }), /not a page/],
      [page({ schema: { t: [] } }), /not a page/],
      [{ ...page(), contentType: "text/html" }, /Something other than the function/],
      [{ body: "", status: 204 }, /Something other than the function/],
      [page({ insert: { t: [{ id: null, name: CELL }] } }), /a row of t without id/],
    ];
    for (const [answer, message] of wrong) {
      const run = await sync(afterTest(answer));
      assert.match(failure(run), message);
      assert.deepEqual([run.pages, run.unfinished, run.pauses], [[], [], []]);
    }
  });

  it("needs a function that names the columns' types", async () => {
    const older = { body: { ...described().body, schema: SCHEMA } };
    assert.match(failure(await sync([older])), /older than this connector/);
  });

  it("refuses a configuration that would give the key away or cannot work, without showing it", async () => {
    const wrong: [object, RegExp][] = [
      [{ function_url: "" }, /function_url must be/],
      [{ function_url: "http://func.azurewebsites.net/api/fivetran" }, /https/],
      [{ function_url: `https://func.azurewebsites.net/api/fivetran?code=${KEY}` }, /must not have a query/],
      [{ function_url: "ftp://localhost/x" }, /https/],
      [{ function_key: "" }, /function_key must be/],
      [{ function_key: `${KEY}\r\nx: y` }, /function_key must be/],
    ];
    for (const [configuration, message] of wrong) {
      assert.match(failure(await sync([], configuration)), message);
      assert.equal(scripted.calls.length, 0);
    }
  });
});
