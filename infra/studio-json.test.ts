import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { QtError } from "../errors/qt-error";
import { inheritedNames } from "../packages/kit/testing/inherited-names";
import { hoist, type Json, references, type StudioKind, unhoist } from "./studio-json";
import { flatFamilies, typedFamilies } from "./studio-shapes";
import type { Field, Fields, TypedShape } from "./studio-shapes/field";
import { parts } from "./studio-shapes/parts";
import { withTableName } from "./studio-shapes/table-name";

const definitions = join(__dirname, "..", "adf-definitions");
const kinds: readonly StudioKind[] = ["linkedService", "dataset", "pipeline", "trigger"];

/** A pipeline with one Web activity, changed as given. */
const pipeline = (changes: object) => ({
  activities: [
    { name: "Call", type: "WebActivity", typeProperties: { url: "https://x", method: "GET" }, ...changes },
  ],
});

/** A dataset with its table in one `tableName`, as azure-native gets it. */
function named(properties: Json): Json {
  return { ...properties, typeProperties: withTableName(properties.typeProperties as Json) };
}

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof QtError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "none";
}

describe("hoist", () => {
  for (const kind of kinds) {
    for (const file of readdirSync(join(definitions, kind))) {
      it(`takes ${kind}/${file}, and unhoist reverses it`, () => {
        const { properties } = JSON.parse(readFileSync(join(definitions, kind, file), "utf8")) as {
          properties: Json;
        };
        const hoisted = hoist(kind, properties, file);
        assert.ok(!JSON.stringify(hoisted).includes('"typeProperties":'));
        const again = unhoist(kind, hoisted);
        assert.deepEqual(again, properties.type === "AzureSqlTable" ? named(properties) : properties);
      });
    }
  }

  it("hoists nested activities", () => {
    const inner = { name: "Inner", type: "Wait", typeProperties: { waitTimeInSeconds: 1 } };
    const loop = {
      name: "Loop",
      type: "ForEach",
      typeProperties: { items: { value: "@x", type: "Expression" }, activities: [inner] },
    };
    const choice = {
      name: "Choice",
      type: "Switch",
      typeProperties: {
        on: { value: "@x", type: "Expression" },
        cases: [{ value: "a", activities: [loop] }],
      },
    };
    const studio = { activities: [choice] };
    const hoisted = hoist("pipeline", studio, "p.json");
    assert.deepEqual(hoisted, {
      activities: [
        {
          name: "Choice",
          type: "Switch",
          on: { value: "@x", type: "Expression" },
          cases: [
            {
              value: "a",
              activities: [
                {
                  name: "Loop",
                  type: "ForEach",
                  items: { value: "@x", type: "Expression" },
                  activities: [{ name: "Inner", type: "Wait", waitTimeInSeconds: 1 }],
                },
              ],
            },
          ],
        },
      ],
    });
    assert.deepEqual(unhoist("pipeline", hoisted), studio);
  });

  it("does not change what the SDK passes on verbatim, even if it contains `typeProperties`", () => {
    const body = { typeProperties: { anything: 1 } };
    const studio = pipeline({ typeProperties: { url: "https://x", method: "POST", body } });
    assert.deepEqual(unhoist("pipeline", hoist("pipeline", studio, "p.json")), studio);
  });

  it("refuses a key that the SDK would drop, at any depth, and names file, place and key", () => {
    const cases = [
      [
        pipeline({ typeProperties: { url: "https://x", method: "GET", timeOut: 1 } }),
        "typeProperties",
        "timeOut",
      ],
      [pipeline({ retries: 3 }), "activities[0]", "retries"],
      [pipeline({ policy: { retrys: 3 } }), "policy", "retrys"],
      [pipeline({ dependsOn: [{ activity: "A", condition: [] }] }), "dependsOn[0]", "condition"],
      [{ activitys: [] }, "properties", "activitys"],
    ] as const;
    for (const [studio, place, key] of cases) {
      const message = code(() => hoist("pipeline", studio, "p.json"));
      assert.match(message, /^QT1101: p\.json: /);
      assert.ok(message.includes(`${place} holds the key ${key}`), message);
    }
  });

  it("does not know a key or a type because every object inherits its name", () => {
    for (const name of inheritedNames) {
      const named = Object.fromEntries([[name, 1]]);
      for (const studio of [
        pipeline(named),
        pipeline({ typeProperties: named }),
        pipeline({ policy: named }),
      ]) {
        const message = code(() => hoist("pipeline", studio, "p.json"));
        assert.match(message, /^QT1101: /);
        assert.ok(message.includes(`the key ${name}`), message);
      }
      assert.match(
        code(() => hoist("pipeline", pipeline({ type: name }), "p.json")),
        /^QT1103: /,
      );
    }
  });

  it("refuses another form than the SDK has at that place, and names file and place", () => {
    for (const [studio, place, expected] of [
      [{ activities: {} }, "properties.activities", "a list"],
      [{ activities: ["Wait"] }, "properties.activities[0]", "an object"],
      [pipeline({ typeProperties: "none" }), "properties.activities[0].typeProperties", "an object"],
      [pipeline({ policy: [] }), "properties.activities[0].policy", "an object"],
      [{ parameters: { p: 1 } }, "properties.parameters.p", "an object"],
    ] as const) {
      const found = code(() => hoist("pipeline", studio, "p.json"));
      assert.match(found, /^QT1107: /);
      assert.ok(found.includes("p.json") && found.includes(`${place}: ${expected} is expected`), found);
    }
  });

  it("keeps null and missing values at every place", () => {
    assert.deepEqual(hoist("pipeline", { activities: null, parameters: undefined }, "p.json"), {
      activities: null,
      parameters: undefined,
    });
  });

  it("names the parameter whose key is unknown", () => {
    const parameters = { p: { type: "string", default: 1 } };
    const message = code(() => hoist("pipeline", { parameters }, "p.json"));
    assert.ok(message.includes("properties.parameters.p holds the key default"), message);
  });

  it("refuses a collision: a dataset's typeProperties.schema would overwrite its schema", () => {
    const dataset = {
      type: "AzureSqlTable",
      linkedServiceName: { referenceName: "ls", type: "LinkedServiceReference" },
      schema: [],
      typeProperties: { schema: "staging" },
    };
    assert.match(
      code(() => hoist("dataset", dataset, "d.json")),
      /^QT1102: d\.json: .*schema/,
    );
  });

  it("drops what only the service writes", () => {
    const trigger = { type: "ScheduleTrigger", typeProperties: { recurrence: { frequency: "Day" } } };
    const cases = [
      ["trigger", trigger, { runtimeState: "Started" }],
      ["pipeline", pipeline({}), { lastPublishTime: "2026-08-17T10:48:25Z" }],
    ] as const;
    for (const [kind, studio, written] of cases)
      assert.deepEqual(hoist(kind, { ...studio, ...written }, "f.json"), hoist(kind, studio, "f.json"));
    assert.match(
      code(() => hoist("trigger", { ...trigger, runtimeStates: "Started" }, "t.json")),
      /^QT1101: /,
    );
  });

  it("says schema and table of a SQL dataset as one tableName", () => {
    const expression = (value: string) => ({ value, type: "Expression" });
    for (const [schema, table, tableName] of [
      ["qt", "dataset", "qt.dataset"],
      ["staging", expression("@dataset().table"), expression("staging.@{dataset().table}")],
      [
        expression("@dataset().schema"),
        "t_@{dataset().table}",
        expression("@{dataset().schema}.t_@{dataset().table}"),
      ],
    ]) {
      const hoisted = hoist(
        "dataset",
        { type: "AzureSqlTable", typeProperties: { schema, table } },
        "d.json",
      );
      assert.deepEqual(hoisted, { type: "AzureSqlTable", tableName });
    }
  });

  it("refuses types that it does not know", () => {
    const activity = { activities: [{ name: "X", type: "DatabricksNotebook", typeProperties: {} }] };
    assert.match(
      code(() => hoist("pipeline", activity, "p.json")),
      /^QT1103: .*DatabricksNotebook.*activity/,
    );
    assert.match(
      code(() => hoist("linkedService", { typeProperties: {} }, "l.json")),
      /^QT1103: .*\(none\)/,
    );
  });

  it("refuses a part of the SDK that is not described, rather than lose some of it", () => {
    const settings = { enableCopyActivityLog: true };
    const copy = { name: "C", type: "Copy", typeProperties: { logSettings: settings } };
    assert.match(
      code(() => hoist("pipeline", { activities: [copy] }, "p.json")),
      /^QT1101: .*logSettings/,
    );
  });

  it("returns equal text for equal input", () => {
    const read = () =>
      JSON.parse(readFileSync(join(definitions, "pipeline", "QT_fetch_data.json"), "utf8")).properties;
    assert.equal(
      JSON.stringify(hoist("pipeline", read(), "f")),
      JSON.stringify(hoist("pipeline", read(), "f")),
    );
  });
});

describe("unhoist", () => {
  it("leaves types and keys alone that it does not know", () => {
    for (const properties of [
      { activities: [{ name: "X", type: "DatabricksNotebook", notebookPath: "/x" }] },
      { activities: "none", parameters: 1, policies: { elapsed: 1 } },
      { activities: [1, null] },
    ])
      assert.deepEqual(unhoist("pipeline", properties), properties);
    const later = { name: "W", type: "Wait", waitTimeInSeconds: 1, addedByMicrosoft: 1 };
    assert.deepEqual(unhoist("pipeline", { activities: [later] }), {
      activities: [
        { name: "W", type: "Wait", addedByMicrosoft: 1, typeProperties: { waitTimeInSeconds: 1 } },
      ],
    });
  });
});

describe("references", () => {
  it("knows each kind of reference, and nothing that only looks like one", () => {
    const reference = (type: unknown, referenceName: unknown) => ({ deep: [{ type, referenceName }] });
    assert.deepEqual(
      references([
        reference("LinkedServiceReference", "l"),
        reference("DatasetReference", "d"),
        reference("PipelineReference", "p"),
        reference("TriggerReference", "t"),
        reference("NotebookReference", "n"),
        reference(["DatasetReference"], "d2"),
        reference("DatasetReference", { value: "@d" }),
        { referenceName: "d3" },
        ...inheritedNames.map((name) => reference(name, "i")),
      ]),
      [
        { kind: "linkedService", name: "l" },
        { kind: "dataset", name: "d" },
        { kind: "pipeline", name: "p" },
        { kind: "trigger", name: "t" },
      ],
    );
    for (const nothing of [null, "text", 1, undefined]) assert.deepEqual(references(nothing), []);
  });

  it("finds every name once, in order", () => {
    const { properties } = JSON.parse(
      readFileSync(join(definitions, "pipeline", "QT_fetch_data.json"), "utf8"),
    );
    assert.deepEqual(references(properties), [
      { kind: "linkedService", name: "ls_azure_sql" },
      { kind: "dataset", name: "ds_quantemplate_csv" },
      { kind: "dataset", name: "ds_staging_table" },
      { kind: "dataset", name: "ds_azure_sql" },
    ]);
  });
});

describe("the shapes", () => {
  it("name only parts that exist", () => {
    const shapes: Fields[] = [
      ...Object.values(parts),
      ...Object.values(flatFamilies).flatMap((family) => Object.values<Fields>(family)),
      ...Object.values(typedFamilies)
        .flatMap((family) => Object.values<TypedShape>(family))
        .flatMap(({ beside, inside }) => [beside, inside]),
    ];
    const named = (field: Field): string[] =>
      field.is === "part" ? [field.part] : field.is === "list" || field.is === "map" ? named(field.of) : [];
    const missing = shapes
      .flatMap((fields) => Object.values(fields).flatMap(named))
      .filter((name) => !(name in parts));
    assert.deepEqual(missing, []);
  });
});
