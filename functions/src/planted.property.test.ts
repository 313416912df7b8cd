import assert from "node:assert/strict";
import { HttpRequest, type HttpResponseInit, InvocationContext } from "@azure/functions";
import fc from "fast-check";
import { QtError } from "../../errors/qt-error";
import { ModelDataset, ModelFeed } from "../test-support/model-feed";
import { createHandler } from "./handler";

/** A realistic secret: any characters, too long to be a word. */
const secret = fc.string({ unit: "binary", minLength: 8, maxLength: 30 }).map((text) => `Zq7!${text}`);

const wrap: Readonly<Record<string, (secret: string) => string>> = {
  plain: (text) => text,
  json: (text) => JSON.stringify({ password: text }),
  url: (text) => encodeURIComponent(Buffer.from(text).toString()),
  form: (text) => new URLSearchParams({ client_secret: text }).toString(),
  base64: (text) => Buffer.from(text).toString("base64"),
};

/** Ways in which an error can contain the secret. */
const carriers: Readonly<Record<string, (text: string) => unknown>> = {
  message: (text) => new Error(`login with ${text} failed`),
  name: (text) => Object.assign(new Error("failed"), { name: text }),
  text: (text) => text,
  stack: (text) => Object.assign(new Error("failed"), { stack: `Error: failed\n    at login (${text})` }),
  driver: (text) => Object.assign(new Error(`refused ${text}`), { name: "RequestError", number: 229 }),
  passing: (text) => Object.assign(new Error(`deadlock ${text}`), { name: "RequestError", number: 1205 }),
  detail: (text) => new QtError("QT5010", { reason: text }),
  cause: (text) => new QtError("QT5010", { reason: "refused" }, { cause: new Error(text) }),
};

const COLUMNS = [
  { name: "policy", type: "text" },
  { name: "premium", type: "decimal(38,6)" },
  { name: "bound", type: "datetime2" },
];

function world() {
  const dataset = new ModelDataset({ id: "claims", keyColumns: ["policy"], columns: COLUMNS });
  const feed = new ModelFeed([dataset]);
  const logs: string[] = [];
  const dependencies = {
    feed: () => feed,
    checkQuantemplate: async () => {},
    database: () => ({ server: "sql-x", database: "quantemplate" }),
    now: () => 0,
    sleep: async () => {},
    pageBytesLimit: () => 50_000_000,
    limits: { soft: 60_000, hard: 200_000 },
  };
  async function call(request: object, secrets: readonly string[] = []): Promise<string> {
    const handler = createHandler({ ...dependencies, secrets: () => secrets });
    const body = { string: JSON.stringify(request) };
    const http = new HttpRequest({ method: "POST", url: "http://localhost/api/fivetran", body });
    const logHandler = (level: string, ...data: unknown[]) => logs.push(`${level} ${data.join(" ")}`);
    const context = new InvocationContext({ functionName: "fivetran", logHandler });
    const answer = (await handler(http, context)) as HttpResponseInit;
    assert.equal(answer.status, 200);
    return Buffer.from(answer.body as Uint8Array).toString("utf8");
  }
  return { dataset, feed, logs, call };
}

describe("what must stay private", () => {
  it("no secret appears in an error or a log, wherever it came from and however it is encoded", async () => {
    await fc.assert(
      fc.asyncProperty(
        secret,
        fc.constantFrom(...Object.keys(wrap)),
        fc.constantFrom(...Object.keys(carriers)),
        fc.constantFrom("connection", "nested", "number", "setting"),
        async (planted, spelling, carrier, place) => {
          const value = place === "number" ? "8412097735" : planted;
          const { feed, logs, call } = world();
          const spelled = wrap[spelling]?.(value) ?? value;
          feed.listDatasets = async () => {
            throw carriers[carrier]?.(spelled);
          };
          const secrets = {
            connection: { apiKey: value },
            nested: { deep: [{ apiKey: value }] },
            number: { apiKey: Number(value) },
            setting: {},
          }[place];
          const text = await call({ state: {}, secrets }, place === "setting" ? [value] : []);
          const { errorMessage, errorType, stackTrace, ...rest } = JSON.parse(text);
          assert.deepEqual(rest, {});
          const logged = logs.map((line) => JSON.parse(line.slice(line.indexOf("{"))));
          const printed = [errorMessage, errorType, stackTrace, ...logged.flatMap(Object.values)].map(String);
          for (const each of printed) {
            for (const form of Object.values(wrap).map((make) => make(value))) {
              const bare = form.replace(/^client_secret=/, "").replace(/^\{"password":"(.*)"\}$/s, "$1");
              assert.ok(!each.includes(bare), `${carrier}, ${spelling}, ${place}: ${each}`);
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it("no cell appears in a log, whether the page is good, malformed or broken off", async () => {
    const MARK = "MARK-7041";
    const cell = fc.constantFrom(MARK, `${MARK}é"\\`, null, "1.500000", `9${MARK}`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 }),
        fc.constantFrom("good", "waking", "passing", "lasting"),
        fc.nat({ max: 5 }),
        async (cells, mishap, after) => {
          const { dataset, feed, logs, call } = world();
          dataset.publish(
            new Map(cells.map((row, index) => [`${MARK}${index}`, [`${MARK}${index}`, row[1], row[2]]])),
          );
          const number = new Map([
            ["waking", 40613],
            ["passing", 1205],
            ["lasting", 207],
          ]).get(mishap);
          let rows = 0;
          feed.beforeRow = () => {
            if (number !== undefined && rows++ === after)
              throw Object.assign(new Error("failed"), { name: "RequestError", number });
          };
          await call({ state: {}, sync_id: "s-1" });
          assert.ok(logs.length > 0);
          assert.ok(!logs.join("\n").includes(MARK), logs.join("\n"));
          const last = JSON.parse(logs.at(-1)?.replace(/^\w+ /, "") ?? "{}");
          assert.equal(last.sync_id, "s-1");
          assert.equal(typeof last.duration_ms, "number");
        },
      ),
      { numRuns: 200 },
    );
  });
});
