import assert from "node:assert/strict";
import { HttpRequest, type HttpResponseInit, InvocationContext } from "@azure/functions";
import { QtError } from "../../errors/qt-error";
import { checkPage } from "../test-support/destination";
import { ModelDataset, ModelFeed } from "../test-support/model-feed";
import { createHandler, type HandlerDependencies } from "./handler";

const SECRET = "hunter2-hunter2";

function world(overrides: Partial<HandlerDependencies> = {}) {
  const dataset = new ModelDataset({
    id: "claims",
    keyColumns: ["policy"],
    columns: [{ name: "policy", type: "text" }],
  });
  dataset.publish(
    new Map([
      ["a", ["secret cell"]],
      ["b", ["other"]],
    ]),
  );
  const feed = new ModelFeed([dataset]);
  const logs: string[] = [];
  let time = 0;
  const handler = createHandler({
    feed: () => feed,
    checkQuantemplate: async () => {},
    database: () => ({ server: "sql-x", database: "quantemplate" }),
    secrets: () => ["identity-header-value"],
    now: () => time,
    sleep: async (ms) => {
      time += ms;
    },
    limits: { soft: 60_000, hard: 200_000 },
    ...overrides,
  });
  async function call(
    body: unknown,
  ): Promise<{ http: HttpResponseInit; text: string; json: Record<string, unknown> }> {
    const string = typeof body === "string" ? body : JSON.stringify(body);
    const request = new HttpRequest({
      method: "POST",
      url: "http://localhost/api/fivetran",
      body: { string },
    });
    const context = new InvocationContext({
      functionName: "fivetran",
      invocationId: "1",
      logHandler: (level, ...data) => logs.push(`${level} ${data.join(" ")}`),
    });
    const http = (await handler(request, context)) as HttpResponseInit;
    const text = Buffer.from(http.body as Uint8Array).toString("utf8");
    return { http, text, json: JSON.parse(text) };
  }
  return { dataset, feed, logs, call };
}

const driverError = (fields: object, message = "failed") =>
  Object.assign(new Error(message), { name: "RequestError" }, fields);

describe("the function", () => {
  it("answers a page as application/json", async () => {
    const { call } = world();
    const { http, text } = await call({ agent: "a", state: {}, sync_id: "s-1" });
    assert.equal(http.status, 200);
    assert.deepEqual(http.headers, { "content-type": "application/json" });
    assert.equal(checkPage(text).rows, 2);
  });

  it("logs what it sent with the sync's id, and no cell", async () => {
    const { call, logs } = world();
    await call({ state: {}, sync_id: "s-1", secrets: { apiKey: SECRET } });
    const line = JSON.parse(
      logs.find((each) => each.includes('"event":"page"'))?.replace(/^\w+ /, "") ?? "{}",
    );
    assert.deepEqual([line.sync_id, line.rows, line.inserted, line.has_more], ["s-1", 2, 2, false]);
    assert.ok(line.bytes > 0 && line.duration_ms >= 0);
    assert.doesNotMatch(logs.join(), /secret cell|hunter2/);
  });

  it("works without any of the optional fields", async () => {
    assert.equal(checkPage((await world().call({})).text).rows, 2);
  });

  it("logs the parts of a state that are not valid, and resends their datasets", async () => {
    const { call, logs } = world();
    const { text } = await call({ state: { format: 1, datasets: { claims: { epoch: "e", version: "x" } } } });
    assert.deepEqual(checkPage(text).softDelete, ["claims"]);
    assert.match(logs.join(), /warning .*cursor of .*claims/);
  });

  it("answers errors with HTTP 200, the three fields, and no state", async () => {
    const { call, logs } = world();
    for (const body of ["not json", "[]", { state: {}, customPayload: { pageRows: "x" } }]) {
      const { http, json } = await call(body);
      assert.equal(http.status, 200);
      assert.deepEqual(http.headers, { "content-type": "application/json" });
      assert.deepEqual(Object.keys(json).sort(), ["errorMessage", "errorType", "stackTrace"]);
    }
    assert.equal(logs.filter((line) => line.startsWith("error ")).length, 3);
  });

  it("has no secret in any error or log", async () => {
    const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
    const { call, feed, logs } = world();
    feed.listDatasets = async () => {
      throw driverError({}, `login with ${SECRET} and identity-header-value and ${token} failed`);
    };
    const { text } = await call({ state: {}, secrets: { deep: { apiKey: SECRET } } });
    for (const each of [text, logs.join()]) assert.doesNotMatch(each, /hunter2|identity-header-value|eyJ/);
  });

  it("names the database that could not be read", async () => {
    const { call, feed } = world();
    feed.listDatasets = async () => {
      throw driverError({ number: 229 }, "The EXECUTE permission was denied on the object 'list_datasets'");
    };
    const { json } = await call({ state: {} });
    assert.equal(json.errorType, "QT5008");
    assert.match(String(json.errorMessage), /quantemplate on sql-x .*EXECUTE permission was denied/);
  });

  it("reports the identity's own error if a login fails because there is no token", async () => {
    const { call, feed } = world();
    const own = new QtError("QT5009", { clientId: "c", resource: "r", reason: "status 400" });
    feed.listDatasets = async () => {
      const tedious = new Error("Security token could not be authenticated", {
        cause: new AggregateError([new Error("x"), own]),
      });
      throw driverError({ name: "ConnectionError", code: "EFEDAUTH", originalError: tedious });
    };
    assert.equal((await call({ state: {} })).json.errorType, "QT5009");
  });

  it("waits for a database that wakes up", async () => {
    const { call, feed, logs } = world();
    const list = feed.listDatasets.bind(feed);
    let attempts = 0;
    feed.listDatasets = async () => {
      if (++attempts < 8) throw driverError({ number: 40613 }, "not currently available");
      return list();
    };
    assert.equal(checkPage((await call({ state: {} })).text).rows, 2);
    assert.equal(logs.filter((line) => line.includes('"event":"retry"')).length, 7);
  });

  it("builds a page again after its statement broke off, and sends no row twice", async () => {
    const { call, feed } = world();
    let rows = 0;
    feed.beforeRow = () => {
      if (++rows === 2) throw driverError({ code: "ESOCKET" }, "read ECONNRESET");
    };
    assert.equal(checkPage((await call({ state: {} })).text).rows, 2);
  });

  it("names a missing setting", async () => {
    const { call } = world({
      feed: () => {
        throw new QtError("QT5001", { setting: "SQL_SERVER" });
      },
    });
    assert.match(String((await call({ state: {} })).json.errorMessage), /SQL_SERVER/);
  });
});

describe("the connection test", () => {
  it("sends no row, keeps the state and sets hasMore to false", async () => {
    const { call, feed } = world();
    const state = { format: 1, datasets: { claims: { epoch: "e", version: 1 } } };
    for (const sync of [{ sync_id: "setup-test" }, {}]) {
      const page = checkPage((await call({ state, setup_test: true, ...sync })).text);
      assert.deepEqual([page.rows, page.hasMore, page.softDelete], [0, false, []]);
      assert.deepEqual(page.state, state);
    }
    assert.equal(feed.statements, 2);
  });

  it("includes the columns' types only if the caller asks for them", async () => {
    const { call, feed } = world();
    const notes = new ModelDataset({ id: "notes", columns: [{ name: "rate", type: "decimal(18,2)" }] });
    notes.publish(new Map([["1", ["1.00"]]]));
    feed.datasets.push(notes);
    const schemaOf = async (request: object) => (await call(request)).json.schema;
    assert.deepEqual(await schemaOf({ setup_test: true, describe_columns: true }), {
      claims: { primary_key: ["policy"], columns: { policy: "text" } },
      notes: { primary_key: ["qt_row_id"], columns: { qt_row_id: "bigint", rate: "decimal(18,2)" } },
    });
    const plain = { claims: { primary_key: ["policy"] }, notes: { primary_key: ["qt_row_id"] } };
    assert.deepEqual(await schemaOf({ setup_test: true }), plain);
    assert.deepEqual(await schemaOf({ describe_columns: true }), plain);
  });

  it("logs in to Quantemplate if the connection has its secrets", async () => {
    const checked: unknown[] = [];
    const { call } = world({ checkQuantemplate: async (secrets) => void checked.push(secrets) });
    await call({ setup_test: true, secrets: { clientId: "c", clientSecret: SECRET } });
    await call({ setup_test: true, secrets: { other: "x" } });
    assert.deepEqual(checked, [{ clientId: "c", clientSecret: SECRET }]);
  });

  it("fails if a procedure may not be called or an option is wrong", async () => {
    const { call, feed } = world();
    assert.equal(
      (await call({ setup_test: true, customPayload: { datasets: "nope" } })).json.errorType,
      "QT5004",
    );
    feed.changes = async () => {
      throw driverError({ number: 229 }, "The EXECUTE permission was denied on the object 'changes'");
    };
    assert.match(
      String((await call({ setup_test: true })).json.errorMessage),
      /denied on the object 'changes'/,
    );
  });
});
