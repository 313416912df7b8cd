import assert from "node:assert/strict";
import fs from "node:fs";
import fc from "fast-check";
import { needsPowerShell } from "../../../packages/kit/testing/power-shell";
import { type CaseHost, startCaseHost } from "./case-host";
import { playTwin } from "./case-twin";
import { caseScript, startedCase } from "./runbook-case-server";
import { type CaseEnd, comparableOutput, type RunbookCase } from "./runbook-cases";
import { type FakeFactory, startFakeFactory } from "./test-factory";

/**
 * Inputs on which the script may end differently from its twin, each with the reason. There are none: the script parses JSON itself, as
 * strictly as JSON.parse, because PowerShell's parser accepts more and turns strings into dates.
 */
const knownDifferences: readonly { readonly reason: string; matches(given: RunbookCase): boolean }[] = [];

const runs = 150;

/** Characters that are invisible, look like others, or look like the end of a text. */
const oddLetter = fc.constantFrom(
  "\u00ad",
  "\u200b",
  "\u200d",
  "\ufeff",
  "\u212a",
  "\u00df",
  "\u0130",
  "\0",
  "\n",
  "\ud800",
  "\u{1f600}",
);
const dateLike = fc.constantFrom(
  "2026-01-02T03:04:05Z",
  "2026-01-02",
  "/Date(0)/",
  "\\/Date(0)\\/",
  "20260102T030405Z",
);
const otherId = fc.constantFrom(
  "d-bordereau-premium",
  "d-claims-notes",
  "D-Bordereau-Premium",
  "d-other",
  "42",
  "-d",
  "",
  "x".repeat(200),
  "x".repeat(201),
  "d/1",
  "d 1",
);
const otherName = fc.constantFrom(
  "DatasetUpdated",
  "datasetupdated",
  "DATASETUPDATED",
  "PipelineCompleted",
  "Dataset",
  "",
);

/** Mostly valid values, so that most events get past the first lines of the script. */
const mostly = <T, U>(right: fc.Arbitrary<T>, other: fc.Arbitrary<U>) =>
  fc.oneof(
    { weight: 6, arbitrary: right as fc.Arbitrary<T | U> },
    { weight: 1, arbitrary: other as fc.Arbitrary<T | U> },
  );
const id = fc.oneof({ weight: 3, arbitrary: fc.constant("d-bordereau-premium") }, otherId);
const eventName = fc.oneof({ weight: 3, arbitrary: fc.constant("DatasetUpdated") }, otherName);

/** `text`, now and then with an odd character somewhere in it. */
const perhapsOdd = (text: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 7, arbitrary: text },
    {
      weight: 1,
      arbitrary: fc
        .tuple(text, oddLetter, fc.nat(20))
        .map(([one, letter, at]) => one.slice(0, at) + letter + one.slice(at)),
    },
  );
const someText = fc.oneof(
  perhapsOdd(id),
  perhapsOdd(eventName),
  dateLike,
  fc.string({ unit: "grapheme", maxLength: 12 }),
);
const anyValue = fc.oneof(someText, fc.jsonValue({ maxDepth: 3 }), fc.array(someText, { maxLength: 3 }));
const anyName = fc.oneof(
  fc.constantFrom(
    "name",
    "eventName",
    "payload",
    "Name",
    "EVENTNAME",
    "",
    "psobject",
    "PSTypeNames",
    "__proto__",
    "__type",
    "count",
  ),
  perhapsOdd(fc.constantFrom("name", "datasetId")),
);

const absent = Symbol("absent");

/** An object with most of the given members, in any order, and sometimes others. */
const objectOf = (members: Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .tuple(
      fc.record(
        Object.fromEntries(
          Object.entries(members).map(([name, value]) => [name, fc.option(value, { freq: 8, nil: absent })]),
        ),
      ),
      fc.oneof(
        { weight: 2, arbitrary: fc.constant([]) },
        fc.array(fc.tuple(anyName, anyValue), { maxLength: 3 }),
      ),
      fc.boolean(),
    )
    .map(([known, others, first]) => {
      const entries = Object.entries(known).filter(([, value]) => value !== absent);
      return (first ? [...others, ...entries] : [...entries, ...others]).map(
        ([name, value]) =>
          `${JSON.stringify(name)}:${value instanceof Json ? value.text : JSON.stringify(value)}`,
      );
    })
    .map((members) => new Json(`{${members.join(",")}}`));

/** The text of a JSON value, so that an object can have a duplicate name. */
class Json {
  constructor(readonly text: string) {}
}

const payload = objectOf({ datasetId: mostly(id, anyValue), eventName: mostly(eventName, anyValue) });
const event = objectOf({
  name: mostly(eventName, someText),
  eventName: mostly(eventName, anyValue),
  payload: mostly(payload, anyValue),
  created: dateLike,
  id: someText,
});

/** Changes that make JSON invalid, though lax parsers accept it. */
const laxer: readonly ((json: string, at: number) => string)[] = [
  (json) => json.replaceAll('"', "'"),
  (json) => json.replace(/"(\w+)":/, "$1:"),
  (json) => json.replace(/}$/, ",}"),
  (json) => json.replace(/}$/, ',"x":[1,]}'),
  (json) => json.replace(",", ",,"),
  (json) => `/* x */${json}`,
  (json) => `${json}// x`,
  (json) => json.replace("{", "{/* x */"),
  (json) => `${json}\0`,
  (json) => `${json} x`,
  (json) => `[${json}]`,
  (json) => `\ufeff${json}`,
  (json) => `\u00a0${json}`,
  (json) => json.replace("{", '{"n":007,'),
  (json) => json.replace("{", '{"n":0x1F,'),
  (json) => json.replace("{", '{"n":.5,'),
  (json) => json.replace("{", '{"n":5.,'),
  (json) => json.replace("{", '{"n":-,'),
  (json) => json.replace("{", '{"n":NaN,'),
  (json) => json.replace("{", '{"n":1e400,'),
  (json) => json.replace("{", `{"n":${"9".repeat(400)},`),
  (json) => json.replace("{", '{"n":"\n",'),
  (json) => json.replace("{", `{"n":"\\'",`),
  (json) => json.replace("{", '{"n":"\\u00g0",'),
  (json) => json.replace("{", '{"n":"\\ud800",'),
  (json) => json.replace("{", "{\u2028"),
  (json) => json.replace("{", '{"n":True,'),
  (json) => json.replace("{", " { \t\r\n"),
  (json, at) => json.slice(0, at) + json.slice(at + 1),
  (json, at) => [json.slice(0, at), json.slice(at)].join("}"),
  (json, at) => [json.slice(0, at), json.slice(at)].join("\\"),
  (json, at) => [json.slice(0, at), json.slice(at)].join(","),
];
const text = (json: fc.Arbitrary<Json>) =>
  fc.oneof(
    { weight: 4, arbitrary: json.map((one) => one.text) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(json, fc.constantFrom(...laxer), fc.double({ min: 0, max: 1, noNaN: true }))
        .map(([one, change, where]) => change(one.text, Math.floor(where * one.text.length))),
    },
  );

const datasets = objectOf({
  ids: mostly(fc.array(perhapsOdd(id), { maxLength: 4 }), anyValue),
  unknown: mostly(
    fc.constantFrom("ignore", "land"),
    fc.constantFrom<unknown>("Ignore", "", true, ["land"], null),
  ),
});
const run = fc.record({
  runId: fc.constantFrom("q-1", "2026-01-02T03:04:05Z", null),
  parameters: fc.oneof(fc.record({ DatasetID: perhapsOdd(id) }), fc.constantFrom(null, [], "x")),
});
const fault = fc.record({
  path: fc.constantFrom("queryPipelineRuns", "createRun", "identity"),
  status: fc.constantFrom(200, 201, 400, 401, 403, 404, 408, 429, 500, 503),
  times: fc.constantFrom(1, 2, 5),
  text: fc.oneof(
    fc.constantFrom(
      "",
      "hello",
      "<html><b>Bad</b>\n gateway</html>",
      "[]",
      '{"error":"invalid_client","error_description":"no"}',
    ),
    fc.record({ code: someText, message: someText }).map((error) => JSON.stringify({ error })),
  ),
  length: fc.boolean(),
  headers: fc.constantFrom<Record<string, string>>(
    {},
    { "retry-after": "7" },
    { "retry-after": "x" },
    { "retry-after": "-1" },
  ),
});

const generated: fc.Arbitrary<RunbookCase> = fc
  .record(
    {
      body: text(event),
      webhookData: mostly(
        fc.constant(undefined),
        fc.oneof(
          fc.record({ RequestBody: text(event) }),
          fc.record({ RequestBody: text(event) }).map((one) => JSON.stringify(one)),
          fc.record({ RequestBody: text(event) }).map((one) => [one]),
          text(event),
          fc.constantFrom<unknown>([], "", {}, 7, true),
        ),
      ),
      variables: fc.record(
        {
          "QT-Datasets": mostly(text(datasets), someText),
          "QT-WaitForEnd": fc.constantFrom("true", "false", "True", " false "),
        },
        { requiredKeys: [] },
      ),
      factory: fc.record(
        {
          queued: fc.array(fc.array(run, { maxLength: 2 }), { maxLength: 3 }),
          repeatsToken: fc.boolean(),
          statuses: fc.constantFrom(
            ["Queued", "InProgress", "Succeeded"],
            ["Failed"],
            ["succeeded"],
            ["", "Cancelled"],
          ),
          message: someText,
          runId: fc.constantFrom("run-1", "2026-01-02T03:04:05Z", null),
          faults: mostly(fc.constant([]), fc.array(fault, { minLength: 1, maxLength: 2 })),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ["body"] },
  )
  .map(({ webhookData, ...more }) => ({
    name: "generated",
    ...more,
    ...(webhookData !== undefined && { webhookData }),
    expect: { outcome: "ignored", output: [] },
  }));

/** A process writes UTF-8, which has no half of a surrogate pair. */
const asWritten = (text: string) => Buffer.from(text).toString();

/** Everything in which both must agree: the outcome, its messages, and every call. */
function seen(ended: CaseEnd, factory: FakeFactory) {
  const { output, exception, pauses, timedOut = false } = ended;
  const { started, jobIds, signIns, requests } = factory;
  return {
    output: comparableOutput(output).map(asWritten),
    exception: exception === null ? null : asWritten(exception),
    pauses,
    timedOut,
    started,
    jobIds: [...jobIds],
    signIns,
    requests,
  };
}

describe("the runbook and its twin", () => {
  let host: CaseHost;

  before(async function () {
    await needsPowerShell(this);
    host = startCaseHost();
  });
  after(() => host?.close());

  it("end alike whatever the event, the setting and the factory", async () => {
    const content = fs.readFileSync(caseScript, "utf8");
    const decisions = { started: 0, ignored: 0, rejected: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(generated, async (given) => {
        fc.pre(!knownDifferences.some((one) => one.matches(given)));
        const factory = await startFakeFactory(given.factory);
        const ended = await host
          .run(caseScript, startedCase(given, content, factory.url), 30)
          .finally(() => factory.close());
        const twin = await playTwin(given);
        assert.deepEqual(seen(ended, factory), seen(twin.ended, twin.factory));
        const failed = ended.exception?.startsWith("Rejected: ") ? "rejected" : "failed";
        decisions[ended.exception !== null ? failed : factory.started.length > 0 ? "started" : "ignored"]++;
      }),
      { numRuns: runs },
    );
    // A generator that never gets past the first lines of the script would find nothing.
    for (const [decision, count] of Object.entries(decisions)) assert.ok(count > 0, `none ${decision}`);
    console.log(
      `    ${Object.entries(decisions)
        .map(([decision, count]) => `${count} ${decision}`)
        .join(", ")}`,
    );
  });
});
