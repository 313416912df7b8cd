import assert from "node:assert/strict";
import { createTestRunner, FACTORY_ID, set, type TestRunner, variables } from "../testing/test-runner";
import { TriggerClock } from "./trigger-clock";
import { TriggerRuns } from "./trigger-runs";

const id = `${FACTORY_ID}/triggers/daily`;

describe("a trigger that fires", () => {
  let test: TestRunner;
  let triggers: TriggerRuns;
  beforeEach(async () => {
    test = createTestRunner();
    triggers = new TriggerRuns(test.resources, test.factoryAt, test.runner, new TriggerClock(), test.flow);
    await test.resources.set({
      id,
      type: "Microsoft.DataFactory/factories/triggers",
      name: "daily",
      properties: {
        type: "ScheduleTrigger",
        pipelines: [
          {
            pipelineReference: { referenceName: "p", type: "PipelineReference" },
            parameters: { who: "night" },
          },
        ],
        typeProperties: { recurrence: { frequency: "Day", interval: 1, startTime: "2026-01-01T02:00:00Z" } },
      },
    });
  });
  afterEach(() => test.close());

  it("starts its pipelines with its parameters, and the run shows its name", async () => {
    const greet = set("a", "@concat(pipeline().parameters.who, ' by ', pipeline().TriggerName)");
    test.deploy("pipelines", "p", {
      ...variables,
      parameters: { who: { type: "string" } },
      activities: [greet],
    });
    triggers.fire(id);
    const [started] = test.store.list();
    const run = await test.finish(started?.runId ?? "");
    assert.equal(run.invokedBy.invokedByType, "ScheduleTrigger");
    const [fired] = test.store.triggerRuns();
    assert.deepEqual([fired?.status, fired?.triggerName], ["Succeeded", "daily"]);
    assert.deepEqual(fired?.triggeredPipelines, { p: run.runId });
    assert.equal(run.invokedBy.id, fired?.triggerRunId);
    assert.deepEqual(test.store.activityRuns(run.runId)[0]?.output, { name: "v", value: "night by daily" });
  });

  it("gives its parameters the time at which it was due", async () => {
    const resource = test.resources.get(id);
    assert.ok(resource);
    const parameters = {
      who: { value: "@formatDateTime(trigger().scheduledTime, 'yyyy')", type: "Expression" },
    };
    const pipelines = [{ pipelineReference: { referenceName: "p", type: "PipelineReference" }, parameters }];
    await test.resources.set({ ...resource, properties: { ...resource.properties, pipelines } });
    test.deploy("pipelines", "p", {
      ...variables,
      parameters: { who: { type: "string" } },
      activities: [set("a", "@pipeline().parameters.who")],
    });
    triggers.fire(id);
    const [started] = test.store.list();
    const run = await test.finish(started?.runId ?? "");
    assert.deepEqual(run.parameters, { who: run.runStart.slice(0, 4) });
  });

  it("logs a pipeline that cannot start, and does not throw", () => {
    triggers.fire(id);
    const [step] = test.flow.recent(1);
    assert.equal(step?.status, "failed");
    assert.match(step?.error ?? "", /no pipeline 'p'/);
    assert.equal(test.store.triggerRuns()[0]?.status, "Failed");
    assert.match(test.store.triggerRuns()[0]?.message ?? "", /no pipeline 'p'/);
  });
});
