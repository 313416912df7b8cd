import assert from "node:assert/strict";
import { definitionHash } from "./trigger-definition";

const recurrence = {
  frequency: "Day",
  interval: 1,
  startTime: "2026-01-01T02:00:00Z",
  schedule: { hours: [2], minutes: [0] },
};
const file = {
  type: "ScheduleTrigger",
  annotations: [],
  pipelines: [
    { pipelineReference: { referenceName: "p", type: "PipelineReference" }, parameters: { a: "1" } },
  ],
  typeProperties: { recurrence },
};

describe("the hash of a trigger's definition", () => {
  it("is that of what Azure answers while nobody has edited it", () => {
    const { annotations, typeProperties, ...rest } = file;
    const answer = {
      runtimeState: "Started",
      typeProperties: { recurrence: { ...recurrence, startTime: "2026-01-01T02:00:00.000Z", endTime: null } },
      ...rest,
    };
    assert.equal(definitionHash(answer), definitionHash(file));
  });

  for (const [what, edited] of [
    ["another hour", { ...recurrence, schedule: { hours: [3], minutes: [0] } }],
    ["an end", { ...recurrence, endTime: "2027-01-01T00:00:00Z" }],
    ["no schedule", { ...recurrence, schedule: {} }],
    ["another time", { ...recurrence, startTime: "2026-01-01T02:00:01Z" }],
  ] as const)
    it(`is another one for ${what}`, () => {
      assert.notEqual(
        definitionHash({ ...file, typeProperties: { recurrence: edited } }),
        definitionHash(file),
      );
    });

  it("is another one for other parameters of the pipeline", () => {
    const [pipeline] = file.pipelines;
    const edited = { ...file, pipelines: [{ ...pipeline, parameters: { a: "2" } }] };
    assert.notEqual(definitionHash(edited), definitionHash(file));
  });
});
