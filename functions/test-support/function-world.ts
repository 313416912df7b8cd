import { HttpRequest, type HttpResponseInit, InvocationContext } from "@azure/functions";
import { createHandler, type HandlerDependencies } from "../src/handler";
import { ModelDataset, ModelFeed } from "./model-feed";

export const SECRET = "hunter2-hunter2";

/** The function on a database in memory with one dataset of two rows, and a clock that only its pauses move. */
export function world(overrides: Partial<HandlerDependencies> = {}) {
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
  const clock = { time: 1000 };
  const handler = createHandler({
    feed: () => feed,
    checkQuantemplate: async () => {},
    database: () => ({ server: "sql-x", database: "quantemplate" }),
    secrets: () => ["identity-header-value"],
    now: () => clock.time,
    sleep: async (ms) => {
      clock.time += ms;
    },
    limits: { soft: 60_000, hard: 200_000 },
    pageBytesLimit: () => 50_000_000,
    ...overrides,
  });
  async function call(
    body: unknown,
    method: "GET" | "POST" = "POST",
  ): Promise<{ http: HttpResponseInit; text: string; json: Record<string, unknown> }> {
    const string = typeof body === "string" ? body : JSON.stringify(body);
    const request = new HttpRequest({
      method,
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
  /** The log's lines as objects; takes them. */
  const logged = () =>
    logs.splice(0).map((line) => {
      const [, level, json = ""] = /^(\w+) (.*)$/.exec(line) ?? [];
      return { level, ...JSON.parse(json) };
    });
  /** Publishes a second dataset, of one row. */
  function addNotes(): void {
    const notes = new ModelDataset({ id: "notes", columns: [{ name: "note", type: "text" }] });
    notes.publish(new Map([["1", ["x"]]]));
    feed.datasets.push(notes);
  }
  return { dataset, feed, logs, logged, clock, call, addNotes };
}

/** An error as `mssql` throws it. */
export const driverError = (fields: object, message = "failed") =>
  Object.assign(new Error(message), { name: "RequestError" }, fields);
