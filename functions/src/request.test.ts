import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseOptions } from "./options";
import { parseRequest } from "./request";

describe("a request", () => {
  it("only needs to be a JSON object", () => {
    assert.deepEqual(parseRequest("{}"), {
      agent: undefined,
      state: undefined,
      secrets: {},
      customPayload: {},
      setupTest: false,
      describeColumns: false,
      syncId: undefined,
    });
  });

  it("reads the example of Fivetran's documentation", () => {
    const request = parseRequest(
      JSON.stringify({
        agent: "Fivetran Azure Functions Connector/<external_id>/<schema>",
        state: { cursor: "2020-01-01T00:00:00Z" },
        secrets: { apiToken: "abcdefghijklmnopqrstuvwxyz_0123456789" },
        customPayload: { samplePayload: "payload_value" },
        sync_id: "468b681-c376-4117-bbc0-25d8ae02ace1",
        setup_test: true,
        later: "addition",
      }),
    );
    assert.deepEqual(request.state, { cursor: "2020-01-01T00:00:00Z" });
    assert.equal(request.syncId, "468b681-c376-4117-bbc0-25d8ae02ace1");
    assert.equal(request.setupTest, true);
  });

  it("takes the secrets of connections made before August 2023, which are text", () => {
    assert.deepEqual(parseRequest(JSON.stringify({ secrets: '{"apiKey":"k"}' })).secrets, { apiKey: "k" });
    assert.deepEqual(parseRequest(JSON.stringify({ secrets: "not json" })).secrets, {});
  });

  it("is refused without quoting the body, which may hold secrets", () => {
    for (const body of ["", "[]", "null", '"text"', '{"secrets":{"k":"hunter22"}']) {
      assert.throws(
        () => parseRequest(body),
        (error: Error & { code?: string }) => error.code === "QT5002" && !error.message.includes("hunter22"),
      );
    }
  });
});

describe("the options of a connection", () => {
  it("have defaults, and unknown ones are ignored", () => {
    const options = parseOptions({ colour: "blue", pageRows: "", datasets: null });
    assert.deepEqual(options, { pageRows: 100_000, pageBytes: 5_000_000, datasets: undefined });
  });

  it("are the ones that the connector passes on", () => {
    const file = "connector-sdk/function_client.py";
    const client = readFileSync(join(__dirname, "..", "..", file), "utf8");
    const [, names = ""] = /^OPTIONS = \((.*)\)$/m.exec(client) ?? [];
    assert.deepEqual(
      [...names.matchAll(/"(\w+)"/g)].map(([, name]) => name).sort(),
      Object.keys(parseOptions({})).sort(),
      `OPTIONS of ${file} and PageOptions of functions/src/options.ts name different options`,
    );
  });

  it("may be text, as the connection form sends them", () => {
    const options = parseOptions({ pageRows: "500", pageBytes: " 1000 ", datasets: "a, b,a" });
    assert.deepEqual(options, { pageRows: 500, pageBytes: 1000, datasets: ["a", "b"] });
    assert.deepEqual(parseOptions({ datasets: '["a","b"]' }).datasets, ["a", "b"]);
    assert.deepEqual(parseOptions({ datasets: ["a"] }).datasets, ["a"]);
  });

  it("are capped, so that a page fits in memory", () => {
    const { pageBytes, pageRows } = parseOptions({ pageBytes: 1e12, pageRows: 1e12 });
    assert.deepEqual([pageBytes, pageRows], [50_000_000, 1_000_000]);
  });

  it("are named if they are refused", () => {
    for (const [option, value] of [
      ["pageRows", 0],
      ["pageRows", "many"],
      ["pageBytes", 1.5],
      ["pageBytes", -1],
      ["datasets", []],
      ["datasets", 7],
      ["datasets", "[1]"],
      ["datasets", "a,,b"],
    ]) {
      assert.throws(
        () => parseOptions({ [String(option)]: value }),
        (error: Error) => error.message.includes(String(option)),
      );
    }
  });
});
