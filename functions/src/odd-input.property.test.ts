import assert from "node:assert/strict";
import fc from "fast-check";
import { checkPage } from "../test-support/destination";
import { SECRET, world } from "../test-support/function-world";

/** Bytes of a log line at most. */
const LINE_BYTES = 2048;

/** JSON text of a value that is nested so deep that a function which calls itself for each level would overflow the stack. */
const deep = fc
  .tuple(fc.constantFrom(4_000, 50_000), fc.constantFrom("[", '{"a":', '[{"b":'), fc.constantFrom("1", '"x"'))
  .map(([depth, open, leaf]) => {
    const close = open === "[" ? "]" : open === '[{"b":' ? "}]" : "}";
    return `${open.repeat(depth)}${leaf}${close.repeat(depth)}`;
  });

/** JSON text of a long text, or of a list of many. */
const long = fc
  .tuple(
    fc.constantFrom("x", "\u0000", "\ud800", "é", '"', "eyJ-", ",", SECRET, "\n    at x"),
    fc.constantFrom(200, 201, 2_000, 300_000),
    fc.boolean(),
  )
  .map(([unit, times, list]) =>
    list
      ? JSON.stringify(Array.from({ length: times / 10 }, () => unit))
      : JSON.stringify(unit.repeat(times)),
  );

const value = fc.oneof(
  deep,
  long,
  fc.constantFrom(JSON.stringify(SECRET), JSON.stringify(`a ${SECRET}`)),
  fc.jsonValue().map((any) => JSON.stringify(any)),
);
/** A member of an object, as JSON text; the last ones put the value where it is read. */
const member = fc
  .tuple(
    fc.constantFrom(
      "agent",
      "state",
      "secrets",
      "customPayload",
      "setup_test",
      "sync_id",
      "describe_columns",
    ),
    fc.constantFrom(
      "%",
      "%",
      '{"datasets":%}',
      '{"pageRows":%,"pageBytes":%}',
      '{"apiKey":%}',
      '{"format":%}',
      '{"format":1,"datasets":%}',
      '{"format":1,"datasets":{"claims":%}}',
      '{"format":1,"datasets":{},"turn":%}',
    ),
    value,
  )
  .map(([name, frame, text]) => `"${name}":${frame.split("%").join(text)}`);

describe("an odd request", () => {
  it("is always answered with JSON of the protocol, and logged in short lines without a secret", async () => {
    const { call, logs } = world();
    await fc.assert(
      fc.asyncProperty(fc.array(member, { minLength: 1, maxLength: 4 }), async (members) => {
        const secrets = `"secrets":{"apiKey":"${SECRET}"}`;
        const { http, text, json } = await call(`{${[...members, secrets].join(",")}}`);
        assert.equal(http.status, 200);
        if (json.errorMessage === undefined) checkPage(text);
        else {
          assert.deepEqual(Object.keys(json), ["errorMessage", "errorType", "stackTrace"]);
          assert.ok(text.length < 2 * LINE_BYTES, `${text.length} characters: ${text.slice(0, 500)}`);
        }
        assert.ok(logs.length > 0);
        for (const line of logs) assert.ok(Buffer.byteLength(line) < LINE_BYTES, line.slice(0, 500));
        for (const line of [...logs.splice(0), text]) assert.ok(!line.includes(SECRET), line.slice(0, 500));
      }),
      { numRuns: 200 },
    );
  });
});
