import assert from "node:assert/strict";
import { QtError } from "../../../errors/qt-error";
import { inheritedNames } from "../../../packages/kit/testing/inherited-names";
import { CUT_SHORT, changesFromEvents, readEventLog, readPreviewJson } from "./read";
import {
  databaseStep,
  digest,
  events,
  migrationStep,
  pipelineStep,
  runbookStep,
  secret,
  type TestStep,
} from "./testing/preview";

const code = (expected: string) => (error: unknown) => error instanceof QtError && error.code === expected;
const only = (stack: string, step: TestStep) => {
  const [first, ...others] = readPreviewJson(digest(stack, [step])).steps;
  assert.ok(first !== undefined && others.length === 0);
  return first;
};

describe("A preview that is read", () => {
  it("is the same from the JSON, from an event log and from the Automation API", () => {
    const steps = [
      pipelineStep("acme"),
      databaseStep("acme", "update"),
      migrationStep("acme"),
      runbookStep(),
    ];
    const fromJson = readPreviewJson(digest("acme", steps));
    const shown = events("acme", steps);
    const log = shown.map((event) => JSON.stringify(event)).join("\n");
    assert.equal(fromJson.stack, "acme");
    assert.equal(fromJson.steps.length, 4);
    assert.deepEqual(readEventLog(log).steps, fromJson.steps);
    assert.deepEqual(changesFromEvents(shown).steps, fromJson.steps);
    assert.deepEqual(fromJson.problems, []);
  });

  it("is empty if nothing changes: components, providers and the stack itself do not count", () => {
    const component: TestStep = {
      op: "create",
      type: "quantemplate:azure:Sql",
      name: "sql",
      after: { inputs: { a: 1 } },
    };
    const text = digest("acme", [
      { ...component, type: "pulumi:providers:azure-native", name: "default" },
      { op: "same", type: "azure-native:sql:Database", name: "d", before: {}, after: {} },
    ]);
    assert.deepEqual(readPreviewJson(text).steps, []);
    const marked = JSON.parse(digest("acme", [component])) as { steps: { newState?: { custom: boolean } }[] };
    for (const { newState } of marked.steps) if (newState) newState.custom = false;
    assert.deepEqual(readPreviewJson(JSON.stringify(marked)).steps, []);
  });

  it("treats a state without `custom` as a component's, as in the engine's events, and a step without any state as a resource's", () => {
    const urn = "urn:pulumi:acme::q::quantemplate:azure:Sql::Sql";
    const state = { type: "quantemplate:azure:Sql", urn, inputs: {} };
    const event = (metadata: object, sequence: number) => ({ sequence, resourcePreEvent: { metadata } });
    const { steps } = changesFromEvents([
      event({ op: "create", urn, new: state }, 0),
      event({ op: "delete", urn: `${urn}2`, old: state }, 1),
      event({ op: "delete", urn: `${urn}3` }, 2),
      { sequence: 3, summaryEvent: {} },
    ]);
    assert.deepEqual(
      steps.map(({ op, name }) => [op, name]),
      [["delete", "Sql3"]],
    );
  });

  it("shows a pipeline only as Studio's file", () => {
    const { file, changes } = only("acme", pipelineStep("acme"));
    assert.equal(file, "adf-definitions/pipeline/QT_fetch_data.json");
    assert.deepEqual(
      changes.map(({ path, form, kind }) => [path, form, kind]),
      [[file, "text", "update"]],
    );
    const [change] = changes;
    assert.match(change?.after ?? "", /"typeProperties"/);
    assert.doesNotMatch(change?.after ?? "", /rg-qt-acme|factoryName/);
    const changed = (change?.after ?? "")
      .split("\n")
      .filter((line) => !(change?.before ?? "").split("\n").includes(line));
    assert.deepEqual(
      changed.map((line) => line.trim()),
      ['"timeout": "0.00:42:00"'],
    );
  });

  it("lists only the SQL files that a migration will run", () => {
    const { changes } = only("acme", migrationStep("acme"));
    assert.deepEqual(
      changes.map(({ path, kind, form }) => [path, kind, form]),
      [
        ["database/tsql/migrations/0002-b.sql", "add", "name"],
        ["database/tsql/repeatable/p.sql", "update", "name"],
      ],
    );
  });

  it("shows a runbook's text", () => {
    const { file, changes } = only("acme", runbookStep());
    assert.equal(file, "runbooks/Start-QuantemplateLoad.ps1");
    assert.deepEqual(
      changes.map(({ path, form }) => [path, form]),
      [[file, "text"]],
    );
  });

  it("shows a value of one line before and after, and what forces a replacement", () => {
    const [change] = only("acme", databaseStep("acme", "replace")).changes;
    assert.deepEqual(change, {
      path: "databaseName",
      kind: "update",
      form: "value",
      before: '"quantemplate"',
      after: '"other"',
      secret: false,
      replaces: true,
    });
  });

  it("shows a list as a whole, and JSON inside texts as JSON", () => {
    const step: TestStep = {
      op: "update",
      type: "azure-native:automation:Variable",
      name: "QT-Datasets",
      before: { inputs: { value: JSON.stringify(JSON.stringify({ b: 1, a: ["x"] })), tags: ["one"] } },
      after: { inputs: { value: JSON.stringify(JSON.stringify({ b: 2, a: ["x"] })), tags: ["zero", "one"] } },
      diff: { value: "update", "tags[0]": "update", "tags[1]": "add" },
    };
    const { changes } = only("acme", step);
    assert.deepEqual(
      changes.map(({ path, form }) => [path, form]),
      [
        ["tags", "value"],
        ["value", "text"],
      ],
    );
    assert.equal(changes[0]?.after, '["zero","one"]');
    assert.equal(changes[1]?.after, '{\n  "a": [\n    "x"\n  ],\n  "b": 2\n}');
  });

  it("shows a query inside a structure line by line", () => {
    const alert = (query: string): TestStep["before"] => ({
      inputs: { criteria: { allOf: [{ query, threshold: 1 }], note: `a "quoted" b` } },
    });
    const before = alert("AppTraces\n| where a > 1\n| count");
    const after = alert("AppTraces\n| where a > 2\n| count");
    const step = {
      op: "update",
      type: "azure-native:monitor:ScheduledQueryRule",
      name: "failed",
      before,
      after,
    };
    const [change] = only("acme", step as TestStep).changes;
    assert.deepEqual(change?.after?.split("\n"), [
      "[",
      "  {",
      '    "query": |',
      "      AppTraces",
      "      | where a > 2",
      "      | count",
      '    "threshold": 1',
      "  }",
      "]",
    ]);
  });

  it("shows one replacement for three steps of the engine", () => {
    const replace = databaseStep("acme", "replace");
    const { before: _before, ...create } = replace;
    const { after: _after, ...remove } = replace;
    const { steps } = readPreviewJson(
      digest("acme", [
        { ...create, op: "create-replacement" },
        replace,
        { ...remove, op: "delete-replaced" },
      ]),
    );
    assert.deepEqual(
      steps.map(({ op, protect }) => [op, protect]),
      [["replace", true]],
    );
    assert.equal(steps[0]?.changes.length, 1);
  });

  describe("with an old copy that an interrupted run left", () => {
    const type = "azure-native:sql:Database";
    const urn = `urn:pulumi:acme::quantemplate::${type}::sql-database`;
    const state = (id: string) => ({ custom: true, protect: true, id, inputs: { a: id } });
    const one = (op: string, old?: string, now?: string) => ({
      op,
      urn,
      ...(old === undefined ? {} : { old: state(old) }),
      ...(now === undefined ? {} : { new: state(now) }),
    });
    const shown = (...metadata: object[]) =>
      changesFromEvents([
        ...metadata.map((each, sequence) => ({ sequence, resourcePreEvent: { metadata: each } })),
        { sequence: 99, summaryEvent: {} },
      ]).steps.map(({ op, leftover }) => [op, leftover]);
    const replacement = [one("create-replacement", "1", "2"), one("replace", "1", "2")];
    const rest = one("delete-replaced", "0");
    const cases: Record<string, [object[], unknown[]]> = {
      "while nothing else changes": [[one("same", "1", "1"), rest], [["delete", 1]]],
      "along with an update": [
        [one("update", "1", "1"), rest],
        [
          ["delete", 1],
          ["update", undefined],
        ],
      ],
      "along with a creation": [
        [one("create", undefined, "1"), rest],
        [
          ["delete", 1],
          ["create", undefined],
        ],
      ],
      "along with the deletion of the one in use": [
        [one("delete", "1"), rest],
        [
          ["delete", undefined],
          ["delete", 1],
        ],
      ],
      "along with a replacement": [
        [...replacement, rest, one("delete-replaced", "1")],
        [
          ["delete", 1],
          ["replace", undefined],
        ],
      ],
      twice: [[one("same", "1", "1"), rest, one("delete-replaced", "00")], [["delete", 2]]],
      "under the same id": [[one("same", "0", "0"), rest], [["delete", 1]]],
    };
    for (const [what, [steps, expected]] of Object.entries(cases))
      it(`shows its deletion, ${what}`, () => assert.deepEqual(shown(...steps), expected));

    it("does not take a resource that is deleted with its replaced parent for an old copy", () => {
      assert.deepEqual(shown(rest), [["delete", undefined]]);
      assert.deepEqual(shown(rest, one("delete", "0")), [["delete", undefined]]);
      assert.deepEqual(shown(...replacement, one("delete-replaced", "1")), [["replace", undefined]]);
    });
  });

  it("shows why a resource is replaced, whichever of the three steps has the reason", () => {
    const urn = "urn:pulumi:acme::quantemplate::azure-native:sql:Database::sql-database";
    const [old, now] = [{ serverName: "one" }, { serverName: "two" }].map((inputs) => ({
      custom: true,
      inputs,
    }));
    const metadata = [
      { op: "create-replacement", urn, old, new: now, keys: ["serverName"], diffs: ["serverName"] },
      { op: "replace", urn, old, new: now },
      { op: "delete-replaced", urn, old },
    ];
    const steps = metadata.map((one, sequence) => ({ sequence, resourcePreEvent: { metadata: one } }));
    const [step] = changesFromEvents([...steps, { sequence: 9, summaryEvent: {} }]).steps;
    assert.deepEqual(
      step?.changes.map(({ path, replaces }) => [path, replaces]),
      [["serverName", true]],
    );
  });

  it("shows that a resource loses or gets its protection, from every source", () => {
    const type = "azure-native:sql:Database";
    const guard = (was: boolean, is: boolean, op = "same"): TestStep => ({
      op,
      type,
      name: "sql-database",
      before: { inputs: { a: secret() }, protect: was },
      after: { inputs: { a: secret() }, protect: is },
    });
    const shown = only("acme", guard(true, false));
    assert.deepEqual(
      [shown.op, shown.changes.map(({ path, before, after }) => [path, before, after])],
      ["update", [["protect", "true", "false"]]],
    );
    assert.match(shown.effects?.[0]?.text ?? "", /Pulumi may replace or delete it/);
    assert.match(only("acme", guard(false, true)).effects?.[0]?.text ?? "", /refuses to delete/);
    const list = events("acme", [guard(true, false)]);
    assert.deepEqual(changesFromEvents(list).steps, [shown]);
    const log = list.map((event) => JSON.stringify(event)).join("\n");
    assert.deepEqual(readEventLog(log).steps, [shown]);
    assert.deepEqual(readPreviewJson(digest("acme", [guard(true, true)])).steps, []);
    const component = { ...guard(true, false), type: "pulumi:providers:azure-native" };
    assert.deepEqual(readPreviewJson(digest("acme", [component])).steps, []);
    const changed = { ...guard(true, false, "update"), after: { inputs: { b: 1 } } };
    assert.deepEqual(
      only("acme", changed).changes.map(({ path }) => path),
      ["protect", "a", "b"],
    );
    const hidden = { ...guard(true, false), op: "update" };
    assert.deepEqual(
      only("acme", hidden).changes.map(({ path }) => path),
      ["protect", "a secret value"],
    );
  });

  it("says that a value is known only after the deployment", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const type = "azure-native:sql:Server";
    const step: TestStep = { op: "create", type, name: "s", after: { inputs: { serverName: unknown } } };
    assert.equal(only("acme", step).changes[0]?.after, "(known after the deployment)");
  });

  it("says so if only a secret changes", () => {
    const step: TestStep = {
      op: "update",
      type: "pulumi-nodejs:dynamic/quantemplate:function-key",
      name: "key",
      before: { inputs: { inputs: { value: "[secret]" } } },
      after: { inputs: { inputs: { value: "[secret]" } } },
    };
    assert.deepEqual(
      only("acme", step).changes.map(({ path, secret }) => [path, secret]),
      [["a secret value", true]],
    );
  });

  it("says so if only masked parts of a Studio object change", () => {
    const linked = (token: string): TestStep["before"] => ({
      inputs: {
        linkedServiceName: "l",
        properties: { type: "HttpServer", url: `https://h/?sig=${token}` },
      },
    });
    const type = "azure-native:datafactory:LinkedService";
    const before = linked("planted-a");
    const after = linked("planted-b");
    assert.ok(before && after);
    const { changes } = only("acme", { op: "update", type, name: "l", before, after });
    assert.deepEqual(changes, [
      { path: "a secret value", kind: "update", form: "name", secret: true, replaces: false },
    ]);
  });

  it("does not report a secret if only a provider's internal members differ", () => {
    const noted = (of: readonly string[]) => ({
      inputs: { a: 1, b: { c: 1, __defaults: of }, __defaults: of },
    });
    const step: TestStep = { op: "update", type: "a:b:C", name: "n", before: noted([]), after: noted(["a"]) };
    assert.deepEqual(only("acme", step).changes, []);
    const other: TestStep = { ...step, after: { inputs: { a: 2 } }, diff: { __meta: "update" } };
    assert.deepEqual(only("acme", other).changes, []);
    const created: TestStep = { op: "create", type: "a:b:C", name: "n", after: noted(["a"]) };
    assert.deepEqual(
      only("acme", created).changes.map(({ path }) => path),
      ["a", "b.c"],
    );
  });

  it("shows a property that only outputs have along with inputs: it may cause the replacement", () => {
    const replaced = (outputs: TestStep["before"], more: TestStep["before"] = {}): TestStep => ({
      op: "replace",
      type: "a:b:C",
      name: "n",
      before: { inputs: { a: 1 }, ...outputs },
      after: { inputs: { a: 2 }, ...more },
      diff: { a: "update", kind: "update-replace", "list[0]": "update" },
    });
    const shown = (step: TestStep) =>
      only("acme", step).changes.map(({ path, before, after, replaces }) => [path, before, after, replaces]);
    const later = "(known after the deployment)";
    assert.deepEqual(shown(replaced({ outputs: { a: 1, kind: "v1", list: [1] } })), [
      ["a", "1", "2", false],
      ["kind", '"v1"', later, true],
      ["list", "[1]", later, false],
    ]);
    assert.deepEqual(
      shown(replaced({ outputs: { kind: "v1" } }, { outputs: { kind: "v2" } }))[1]?.slice(0, 3),
      ["kind", '"v1"', '"v2"'],
    );
    // `preview --json` may have no outputs; the cause is named anyway.
    assert.deepEqual(shown(replaced({}))[1], ["kind", undefined, later, true]);
    assert.deepEqual(shown(replaced({ outputs: { kind: secret() } }))[1], [
      "kind",
      "[secret]",
      "[secret]",
      true,
    ]);
  });

  it("shows what a refresh found, which it reports only afterwards", () => {
    const state = (value: string) => ({
      custom: true,
      inputs: { variableName: "v" },
      outputs: { value },
    });
    const [urn, type] = [
      "urn:pulumi:acme::q::azure-native:automation:Variable::v",
      "azure-native:automation:Variable",
    ];
    const { steps } = changesFromEvents([
      {
        sequence: 0,
        resourcePreEvent: { metadata: { op: "refresh", urn, type, old: state("a"), new: state("a") } },
      },
      {
        sequence: 1,
        resOutputsEvent: { metadata: { op: "update", urn, type, old: state("a"), new: state("b") } },
      },
      { sequence: 2, summaryEvent: {} },
    ]);
    assert.deepEqual(
      steps.map(({ op, changes }) => [op, changes[0]?.before, changes[0]?.after]),
      [["update", '"a"', '"b"']],
    );
  });

  it("is incomplete if the engine failed or was ended, and never hides it", () => {
    const failed = events("acme", [databaseStep("acme", "update")]);
    const error = { severity: "error", message: "<{%fg 1%}>no access?sig=planted-token<{%reset%}>" };
    const { problems } = changesFromEvents([...failed, { sequence: 9, diagnosticEvent: error }]);
    assert.deepEqual(problems, ["no access?sig=[secret]"]);
    assert.deepEqual(changesFromEvents(failed.slice(0, 1)).problems, [CUT_SHORT]);
    // An ephemeral message is not a reason.
    const passing = { sequence: 9, diagnosticEvent: { ...error, ephemeral: true } };
    assert.deepEqual(changesFromEvents([...failed, passing]).problems, []);
    const strange: TestStep = { op: "transmogrify", type: "azure-native:sql:Database", name: "d" };
    assert.match(readPreviewJson(digest("acme", [strange])).problems.join(), /transmogrify d/);
  });

  it("is incomplete if a mandatory policy is violated; an advisory one is a note", () => {
    const policy = (enforcementLevel: string, more: object = {}) => ({
      sequence: 9,
      policyEvent: {
        resourceUrn: "urn:pulumi:acme::quantemplate::azure-native:sql:Server::sql",
        message: "<{%fg 1%}>Public access?sig=planted-token<{%reset%}>\n",
        color: "raw",
        policyName: "no-public-access",
        policyPackName: "company",
        policyPackVersion: "1.0.0",
        policyPackVersionTag: "1.0.0",
        enforcementLevel,
        ...more,
      },
    });
    const shown = (event: object) => {
      const { problems, notes } = changesFromEvents([...events("acme", [runbookStep()]), event]);
      return [problems, notes ?? []];
    };
    const text = (level: string) =>
      `The ${level} policy company/no-public-access is violated by sql: Public access?sig=[secret]`;
    assert.deepEqual(shown(policy("mandatory")), [[text("mandatory")], []]);
    assert.deepEqual(shown(policy("advisory")), [[], [text("advisory")]]);
    assert.deepEqual(shown(policy("disabled")), [[], []]);
    const ofStack = { resourceUrn: undefined, message: "Too many." };
    assert.deepEqual(shown(policy("mandatory", ofStack)), [
      ["The mandatory policy company/no-public-access is violated: Too many."],
      [],
    ]);
  });

  it("is refused if it is something else, without repeating the text", () => {
    for (const text of [
      "",
      "planted-password",
      "[]",
      "{}",
      '{"version":3,"deployment":{}}',
      '{"steps":[{"op":1}]}',
    ]) {
      assert.throws(
        () => readPreviewJson(text, { source: "f.json" }),
        (error: unknown) => {
          assert.ok(code("QT9501")(error) && error instanceof QtError);
          assert.ok(error.message.startsWith("f.json") && !error.format().includes("planted"));
          return true;
        },
      );
    }
    assert.throws(() => readEventLog('{"sequence":1}\nplanted'), /line 2: it is not JSON/);
    assert.throws(() => readEventLog('{"steps":[]}'), code("QT9502"));
    const two = [...events("a", [runbookStep()]), ...events("b", [runbookStep()])];
    assert.throws(() => changesFromEvents(two), /names a, b/);
    assert.throws(() => changesFromEvents([]), code("QT9503"));
    assert.throws(() => readPreviewJson(digest("acme", []), { stack: "other" }), code("QT9503"));
    assert.deepEqual(changesFromEvents([{ sequence: 1, summaryEvent: {} }], { stack: "acme" }).steps, []);
  });

  it("names what is wrong: the text, the line, the place in it, and the stacks", () => {
    const refused = (read: () => unknown, code: string, details: object) =>
      assert.throws(read, { code, details });
    const event = JSON.stringify({ sequence: 0, summaryEvent: {} });
    const wrong = "Invalid input: expected string, received number";
    const diagnostics = { sequence: 1, diagnosticEvent: { message: 1, severity: "error" } };
    for (const source of [undefined, "f"]) {
      const options = source === undefined ? {} : { source };
      const text = source ?? "The text";
      refused(() => readPreviewJson("{", options), "QT9501", { source: text, reason: "it is not JSON" });
      refused(() => readPreviewJson('{"steps":[{"op":1,"urn":"u"}]}', options), "QT9501", {
        source: text,
        reason: `steps.0.op: ${wrong}`,
      });
      refused(() => readPreviewJson("{}", options), "QT9501", {
        source: text,
        reason: "it has neither steps nor diagnostics nor a changeSummary",
      });
      refused(() => readEventLog(`\n ${event} \n\n{`, options), "QT9502", {
        source: text,
        line: 4,
        reason: "it is not JSON",
      });
      refused(() => changesFromEvents([JSON.parse(event), diagnostics], options), "QT9502", {
        source: source ?? "The list",
        line: 2,
        reason: `diagnosticEvent.message: ${wrong}`,
      });
      refused(() => changesFromEvents([], options), "QT9503", {
        source: source ?? "The list",
        found: "none",
      });
      refused(() => readPreviewJson(digest("b", []), { ...options, stack: "a" }), "QT9503", {
        source: text,
        found: "a, b",
      });
    }
    const two = [...events("b", [runbookStep()]), ...events("a", [runbookStep()])];
    refused(() => changesFromEvents(two), "QT9503", { source: "The list", found: "a, b" });
  });

  it("is accepted with any of its parts, and with blank lines in a log", () => {
    const read = (text: string) => {
      const { steps, problems } = readPreviewJson(text, { stack: "acme" });
      return [steps.length, problems];
    };
    assert.deepEqual(read('{"steps":[]}'), [0, ["It did not finish."]]);
    assert.deepEqual(read('{"changeSummary":{}}'), [0, []]);
    assert.deepEqual(read('{"diagnostics":[]}'), [0, ["It did not finish."]]);
    const log = `\n  ${JSON.stringify({ sequence: 0, summaryEvent: {} })}  \n \n`;
    assert.deepEqual(readEventLog(log, { stack: "acme" }).problems, []);
  });

  it("has the engine's errors as problems, each once, and no warnings or empty messages", () => {
    const messages = [
      { severity: "error", message: "No quota." },
      { severity: "error", message: "No quota." },
      { severity: "warning", message: "Deprecated." },
      { severity: "error", message: " <{%reset%}> " },
      { severity: "error" },
      { message: "info" },
    ];
    const text = JSON.stringify({ diagnostics: messages, changeSummary: {} });
    assert.deepEqual(readPreviewJson(text, { stack: "acme" }).problems, ["No quota."]);
    // An error is enough of a reason: it is not also cut short.
    const unfinished = JSON.stringify({ diagnostics: messages });
    assert.deepEqual(readPreviewJson(unfinished, { stack: "acme" }).problems, ["No quota."]);
    const metadata = { op: "update", urn: "urn:pulumi:acme::q::a:b:C::n" };
    const failed = [
      { sequence: 0, resOpFailedEvent: { metadata } },
      { sequence: 1, diagnosticEvent: { severity: "warning", message: "Deprecated." } },
      { sequence: 2, summaryEvent: {} },
    ];
    assert.deepEqual(changesFromEvents(failed, { stack: "acme" }).problems, ["update n failed"]);
  });

  it("takes what was found afterwards only for a refresh", () => {
    const urn = "urn:pulumi:acme::q::a:b:C::n";
    const state = (a: number) => ({ custom: true, inputs: { a }, outputs: { a } });
    const metadata = (op: string) => ({ op, urn, old: state(1), new: state(2) });
    const shown = (op: string) =>
      changesFromEvents([
        { sequence: 0, resourcePreEvent: { metadata: metadata(op) } },
        { sequence: 1, resOutputsEvent: { metadata: metadata("delete") } },
        { sequence: 2, summaryEvent: {} },
      ]).steps.map((step) => step.op);
    assert.deepEqual(shown("update"), ["update"]);
    assert.deepEqual(shown("refresh"), ["delete"]);
  });

  describe("with an operation of the engine", () => {
    const shown = (op: string) => {
      const step: TestStep = {
        op,
        type: "a:b:C",
        name: "n",
        before: { inputs: { a: 1 } },
        after: { inputs: { a: 2 } },
      };
      const { steps, problems } = readPreviewJson(digest("acme", [step]));
      return [steps.map((one) => one.op), problems];
    };
    for (const [op, ours] of Object.entries({
      create: "create",
      update: "update",
      replace: "replace",
      "create-replacement": "replace",
      "import-replacement": "replace",
      delete: "delete",
      "delete-replaced": "delete",
      import: "import",
    }))
      it(`shows ${op} as ${ours}`, () => assert.deepEqual(shown(op), [[ours], []]));
    for (const op of [
      "same",
      "read",
      "read-replacement",
      "refresh",
      "discard",
      "discard-replaced",
      "remove-pending-replace",
    ])
      it(`does not show ${op}`, () => assert.deepEqual(shown(op), [[], []]));

    it("reports one that it does not know, also if every object inherits its name", () => {
      for (const op of ["mend", ...inheritedNames]) {
        assert.deepEqual(shown(op), [
          [],
          [`The engine would ${op} n, an operation that this summary does not know.`],
        ]);
      }
    });
  });

  it("shows of a replacement the step with the most detail, wherever it is, with what the others know", () => {
    const urn = "urn:pulumi:acme::q::a:b:C::n";
    const state = (a: number) => ({ custom: true, inputs: { a, b: 1 } });
    const detail = { a: { diffKind: "update-replace" } };
    const metadata = [
      { op: "create-replacement", urn, new: state(2), diffs: ["a"] },
      { op: "delete-replaced", urn, old: { ...state(1), protect: true } },
      { op: "replace", urn, old: state(1), new: state(2), detailedDiff: detail },
    ];
    const shown = (all: readonly object[]) =>
      changesFromEvents([
        ...all.map((one, sequence) => ({ sequence, resourcePreEvent: { metadata: one } })),
        { sequence: 9, summaryEvent: {} },
      ]).steps.map(({ op, protect, changes }) => [
        op,
        protect,
        changes.map(({ path, replaces }) => [path, replaces]),
      ]);
    for (const all of [metadata, [...metadata].reverse()])
      assert.deepEqual(shown(all), [["replace", false, [["a", true]]]]);
    assert.deepEqual(shown(metadata.slice(0, 2)), [["replace", true, [["a", false]]]]);
  });

  it("keeps that Azure keeps a resource, and no leftovers without need", () => {
    const kept: TestStep = {
      op: "delete",
      type: "a:b:C",
      name: "n",
      before: { inputs: {}, retainOnDelete: true },
    };
    const step = only("acme", kept);
    assert.deepEqual(
      [step.retainOnDelete, step.protect, step.changes, "leftover" in step],
      [true, false, [], false],
    );
    const created = only("acme", {
      op: "create",
      type: "a:b:C",
      name: "n",
      after: { inputs: {}, protect: true },
    });
    assert.deepEqual([created.retainOnDelete, created.protect], [false, false]);
    assert.ok(!("notes" in readPreviewJson(digest("acme", []))));
  });

  it("shows a difference that only the list of differing properties reports", () => {
    const urn = "urn:pulumi:acme::q::a:b:C::n";
    const state = (a: number, token = "[secret]") => ({ custom: true, inputs: { a, token, same: 1 } });
    const metadata = {
      op: "replace",
      urn,
      old: state(1),
      new: state(2),
      diffs: ["a", "token", "same"],
      keys: ["token"],
    };
    const { steps } = changesFromEvents([
      { sequence: 0, resourcePreEvent: { metadata } },
      { sequence: 1, summaryEvent: {} },
    ]);
    assert.deepEqual(
      steps[0]?.changes.map(({ path, secret, replaces }) => [path, secret, replaces]),
      [
        ["a", false, false],
        ["token", true, true],
      ],
    );
  });

  it("shows the members that differ if the engine reports a whole object, and each of them once", () => {
    const step: TestStep = {
      op: "replace",
      type: "a:b:C",
      name: "n",
      before: { inputs: { sku: { name: "a", size: 1, same: 1 }, __x: 1 } },
      after: { inputs: { sku: { name: "b", size: 2, same: 1 }, __x: 2 } },
      diff: {
        "sku.name": "update",
        sku: "update-replace",
        "sku.size": "update",
        "sku.same": "update",
        "a.__x": "update",
        none: "update",
      },
    };
    assert.deepEqual(
      only("acme", step).changes.map(({ path, replaces }) => [path, replaces]),
      [
        ["sku.name", true],
        ["sku.size", true],
        ["none", false],
      ],
    );
  });

  it("contains no secrets", () => {
    const step: TestStep = {
      op: "update",
      type: "azure-native:web:WebAppApplicationSettings",
      name: "settings",
      before: { inputs: { a: secret("planted-secret-value"), b: "plain", c: "planted-before", list: ["x"] } },
      after: {
        inputs: {
          a: "planted-secret-value!",
          b: "now with planted-secret-value",
          c: secret(),
          list: [secret(), "planted-token"],
        },
      },
      diff: { a: "update", b: "update", c: "update", "list[1]": "add" },
    };
    const { changes } = only("acme", step);
    assert.deepEqual(
      changes.map(({ path, before, after, secret: hidden }) => [path, before, after, hidden]),
      [
        ["a", "[secret]", "[secret]", true],
        ["b", '"plain"', '"now with [secret]"', false],
        ["c", "[secret]", "[secret]", true],
        ["list", "[secret]", "[secret]", true],
      ],
    );
  });
});
