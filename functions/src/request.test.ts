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
      secretTexts: [],
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
    assert.deepEqual(request, {
      agent: "Fivetran Azure Functions Connector/<external_id>/<schema>",
      state: { cursor: "2020-01-01T00:00:00Z" },
      secrets: { apiToken: "abcdefghijklmnopqrstuvwxyz_0123456789" },
      secretTexts: ["abcdefghijklmnopqrstuvwxyz_0123456789"],
      customPayload: { samplePayload: "payload_value" },
      setupTest: true,
      describeColumns: false,
      syncId: "468b681-c376-4117-bbc0-25d8ae02ace1",
    });
  });

  it("is read without the fields that have another type", () => {
    const wrong = {
      agent: 1,
      secrets: [],
      customPayload: 2,
      setup_test: "true",
      describe_columns: 1,
      sync_id: 3,
    };
    assert.deepEqual(parseRequest(JSON.stringify(wrong)), parseRequest("{}"));
  });

  it("takes the secrets of connections made before August 2023, which are text", () => {
    assert.deepEqual(parseRequest(JSON.stringify({ secrets: '{"apiKey":"k"}' })).secrets, { apiKey: "k" });
    assert.deepEqual(parseRequest(JSON.stringify({ secrets: "not json" })).secrets, {});
  });

  it("is refused without quoting the body, which may hold secrets", () => {
    for (const [body, reason] of [
      ["", "the body is not JSON"],
      ['{"secrets":{"k":"hunter22"}', "the body is not JSON"],
      ["[]", "the body is not a JSON object"],
      ["null", "the body is not a JSON object"],
      ['"hunter22"', "the body is not a JSON object"],
    ] as const) {
      assert.throws(() => parseRequest(body), { code: "QT5002", details: { reason } });
    }
  });
});

describe("the options of a connection", () => {
  it("have defaults, and unknown ones are ignored", () => {
    for (const absent of [undefined, null, ""]) {
      const options = parseOptions({ colour: "blue", pageRows: absent, pageBytes: absent, datasets: absent });
      assert.deepEqual(options, { pageRows: 100_000, pageBytes: 5_000_000, datasets: undefined });
    }
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
    assert.deepEqual(parseOptions({ datasets: ' ["a","b"]' }).datasets, ["a", "b"]);
    assert.deepEqual(parseOptions({ datasets: ["a"] }).datasets, ["a"]);
    assert.equal(parseOptions({ pageRows: 1 }).pageRows, 1);
  });

  it("are capped, so that a page fits in memory", () => {
    const { pageBytes, pageRows } = parseOptions({ pageBytes: 1e12, pageRows: 1e12 });
    assert.deepEqual([pageBytes, pageRows], [50_000_000, 1_000_000]);
    assert.equal(parseOptions({ pageBytes: 1e12 }, 20_000_000).pageBytes, 20_000_000);
    assert.equal(parseOptions({}, 1_000_000).pageBytes, 1_000_000);
  });

  it("are named if they are refused", () => {
    const number = "it must be a whole number above 0";
    const list = "it must be a list of dataset ids";
    const refused: [option: string, value: unknown, reason: string][] = [
      ["pageRows", 0, number],
      ["pageRows", "many", number],
      ["pageRows", true, number],
      ["pageBytes", 1.5, number],
      ["pageBytes", -1, number],
      ["datasets", [], list],
      ["datasets", 7, list],
      ["datasets", "[1]", list],
      ["datasets", "[a", list],
      ["datasets", ["a", ""], list],
      ["datasets", "a,,b", list],
    ];
    for (const [option, value, reason] of refused) {
      assert.throws(() => parseOptions({ [option]: value }), { code: "QT5003", details: { option, reason } });
    }
  });
});
