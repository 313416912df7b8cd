import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as fc from "fast-check";
import { hoist as productHoist } from "../../infra/studio-json";
import { activities } from "../../infra/studio-shapes/activities";
import { withTableName } from "../../infra/studio-shapes/table-name";
import { fromStudio, toStudio } from "../../packages/azure-emulator/engine/studio-shape";
import { activityKinds } from "../../packages/azure-emulator/services/data-factory/activities";
import type { StudioKind } from "../../packages/azure-resource-types";

const root = join(__dirname, "..", "..");
const kinds: readonly StudioKind[] = ["pipeline", "linkedService", "dataset", "trigger"];

const definitions = globSync("adf-definitions/*/*.json", { cwd: root }).flatMap((file) => {
  const kind = kinds.find((candidate) => candidate === basename(dirname(file)));
  const { properties } = JSON.parse(readFileSync(join(root, file), "utf8")) as {
    properties: Record<string, unknown>;
  };
  return kind ? [{ file, kind, properties }] : [];
});

describe("The activity types", () => {
  it("are the same in the program and in the emulator", () => {
    const [program, emulator] = [Object.keys(activities), [...activityKinds.keys()]];
    assert.deepEqual(
      program.sort(),
      emulator.sort(),
      "infra/studio-shapes/activities.ts and packages/azure-emulator/services/data-factory/activities/index.ts name different types",
    );
  });
});

describe("engine: Studio's shape", () => {
  it("finds definitions to test with", () => assert.ok(definitions.length > 0));

  for (const { file, kind, properties } of definitions) {
    // azure-native has no word for the schema of a table.
    const deployed =
      properties.type === "AzureSqlTable"
        ? {
            ...properties,
            typeProperties: withTableName(properties.typeProperties as Record<string, unknown>),
          }
        : properties;
    it(`restores ${file} from what the program sends`, () => {
      assert.deepEqual(toStudio(kind, productHoist(kind, properties, file)), deployed);
    });

    it(`reads ${file} as the program would send it`, () => {
      assert.deepEqual(fromStudio(kind, deployed), productHoist(kind, properties, file));
    });
  }

  it("sends no empty typeProperties of a dataset", () => {
    assert.deepEqual(toStudio("dataset", { type: "AzureSqlTable", annotations: [] }), {
      type: "AzureSqlTable",
      annotations: [],
    });
  });

  it("nests activities in activities", () => {
    const flat = {
      activities: [
        {
          type: "ForEach",
          name: "each",
          items: { value: "@x", type: "Expression" },
          activities: [
            {
              type: "Copy",
              name: "c",
              inputs: [1],
              outputs: [2],
              policy: { retry: 1 },
              source: { type: "s" },
            },
            {
              type: "Switch",
              name: "s",
              on: "@y",
              cases: [{ value: "a", activities: [{ type: "Wait", name: "w", waitTimeInSeconds: 1 }] }],
              defaultActivities: [{ type: "Lookup", name: "l", inputs: "not an envelope here" }],
            },
          ],
        },
      ],
      parameters: {},
    };
    const studio = {
      activities: [
        {
          type: "ForEach",
          name: "each",
          typeProperties: {
            items: { value: "@x", type: "Expression" },
            activities: [
              {
                type: "Copy",
                name: "c",
                inputs: [1],
                outputs: [2],
                policy: { retry: 1 },
                typeProperties: { source: { type: "s" } },
              },
              {
                type: "Switch",
                name: "s",
                typeProperties: {
                  on: "@y",
                  cases: [
                    {
                      value: "a",
                      activities: [{ type: "Wait", name: "w", typeProperties: { waitTimeInSeconds: 1 } }],
                    },
                  ],
                  defaultActivities: [
                    { type: "Lookup", name: "l", typeProperties: { inputs: "not an envelope here" } },
                  ],
                },
              },
            ],
          },
        },
      ],
      parameters: {},
    };
    assert.deepEqual(toStudio("pipeline", flat), studio);
    assert.deepEqual(fromStudio("pipeline", studio), flat);
  });

  it("restores any activities", () => {
    const leaf = fc.record({
      type: fc.constantFrom("WebActivity", "Copy", "Wait", "Fail"),
      name: fc.string(),
      dependsOn: fc.array(fc.record({ activity: fc.string() }), { maxLength: 2 }),
      typeProperties: fc.dictionary(fc.stringMatching(/^x[a-z]{1,4}$/), fc.string()),
    });
    const { activity } = fc.letrec((tie) => ({
      activity: fc.oneof({ maxDepth: 4, depthIdentifier: "activity" }, leaf, tie("each"), tie("condition")),
      each: fc.record({
        type: fc.constant("ForEach"),
        name: fc.string(),
        typeProperties: fc.record({
          items: fc.string(),
          activities: fc.array(tie("activity"), { maxLength: 3 }),
        }),
      }),
      condition: fc.record({
        type: fc.constant("IfCondition"),
        name: fc.string(),
        typeProperties: fc.record({
          ifTrueActivities: fc.array(tie("activity"), { maxLength: 2 }),
          ifFalseActivities: fc.array(tie("activity"), { maxLength: 2 }),
        }),
      }),
    }));
    fc.assert(
      fc.property(fc.array(activity, { maxLength: 3 }), (activities) => {
        // fast-check's objects have no prototype; parsed JSON has.
        const studio = JSON.parse(JSON.stringify({ activities })) as Record<string, unknown>;
        assert.deepEqual(toStudio("pipeline", fromStudio("pipeline", studio)), studio);
      }),
    );
  });
});
