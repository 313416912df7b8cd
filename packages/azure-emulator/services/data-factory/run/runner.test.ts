import assert from "node:assert/strict";
import { SqlFailure } from "../sql/sql-session";
import { activity, createTestRunner, failing, set, type TestRunner, variables } from "../testing/test-runner";
import { ActivityError } from "./activity-error";
import type { PipelineRun } from "./records";

/** An activity that calls the fake procedure `do`. */
const procedure = (name: string, policy: Record<string, unknown> = {}) => ({
  name,
  type: "SqlServerStoredProcedure",
  policy,
  linkedServiceName: { referenceName: "sql", type: "LinkedServiceReference" },
  typeProperties: { storedProcedureName: "do" },
});

describe("the runner", () => {
  let test: TestRunner;
  beforeEach(() => {
    test = createTestRunner();
    test.deploy("linkedservices", "sql", {
      type: "AzureSqlDatabase",
      typeProperties: { server: "h,1", database: "d", authenticationType: "SystemAssignedManagedIdentity" },
    });
  });
  afterEach(() => test.close());

  it("queues runs beyond the pipeline's concurrency and starts them in order", async () => {
    const { release, open } = gate();
    void holdCalls(test, open);
    test.deploy("pipelines", "p", { concurrency: 1, activities: [procedure("a")] });
    const first = test.start("p").runId;
    const second = test.start("p").runId;
    const status = (runId: string) => test.store.get(runId)?.status;
    assert.deepEqual([status(first), status(second)], ["InProgress", "Queued"]);
    release();
    await test.finish(first);
    const ended = await test.finish(second);
    assert.equal(ended.status, "Succeeded");
  });

  it("cancels a queued run at once, and a running run with its activity", async () => {
    const { open } = gate();
    const arrived = holdCalls(test, open);
    test.deploy("pipelines", "p", {
      concurrency: 1,
      activities: [procedure("a"), set("b", "1", "a Completed")],
      ...variables,
    });
    const first = test.start("p").runId;
    const second = test.start("p").runId;
    await arrived;
    test.runner.cancel(second);
    assert.equal(test.store.get(second)?.status, "Cancelled");
    test.runner.cancel(first);
    assert.equal(test.store.get(first)?.status, "Canceling");
    assert.equal((await test.finish(first)).status, "Cancelled");
    assert.deepEqual(
      test.store.activityRuns(first).map(({ activityName, status }) => [activityName, status]),
      [["a", "Cancelled"]],
    );
  });

  it("cancels the child runs of a cancelled run", async () => {
    const { open } = gate();
    const arrived = holdCalls(test, open);
    test.deploy("pipelines", "child", { activities: [procedure("a")] });
    const reference = { referenceName: "child", type: "PipelineReference" };
    test.deploy("pipelines", "parent", {
      activities: [activity("call", "ExecutePipeline", { pipeline: reference, waitOnCompletion: true })],
    });
    const parent = test.start("parent").runId;
    await arrived;
    test.runner.cancel(parent);
    assert.equal((await test.finish(parent)).status, "Cancelled");
    const child = test.store.list().find(({ pipelineName }) => pipelineName === "child");
    assert.equal((await test.finish(child?.runId ?? "")).status, "Cancelled");
    assert.equal(child?.invokedBy.pipelineRunId, parent);
  });

  it("retries as often as the policy allows, until an attempt succeeds", async () => {
    let attempts = 0;
    test.sql.answers.set("do", () => {
      if (++attempts < 3) throw new SqlFailure("asleep", 40613);
      return [];
    });
    const { run } = await test.run([procedure("a", { retry: 2, retryIntervalInSeconds: 3600 })]);
    assert.equal(run.status, "Succeeded");
    const attemptsSeen = test.store
      .activityRuns(run.runId)
      .map(({ status, retryAttempt }) => [status, retryAttempt]);
    assert.deepEqual(attemptsSeen, [
      ["Failed", null],
      ["Failed", 1],
      ["Succeeded", 2],
    ]);
    const entries = test.flow.recent(100).filter(({ status }) => status === "info");
    assert.deepEqual(
      entries.map(({ detail }) => detail),
      [1, 2].map(() => ({ retryIntervalInSeconds: 3600, intervalScale: 0 })),
    );
  });

  it("fails an activity at its timeout", async () => {
    void holdCalls(test, gate().open);
    test.deploy("pipelines", "p", { activities: [procedure("a", { timeout: "0.00:00:00" })] });
    const run = await test.finish(test.start("p").runId);
    assert.match(run.message, /did not end within its timeout/);
  });

  it("masks secure input and output, but passes on the real output", async () => {
    const secure = {
      ...activity("a", "Filter", { items: "@createArray('hidden')", condition: "@true" }),
      policy: { secureInput: true, secureOutput: true },
    };
    const { run, activities } = await test.run(
      [secure, set("b", "@activity('a').output.Value[0]", "a Succeeded")],
      variables,
    );
    assert.equal(run.status, "Succeeded");
    assert.equal(JSON.stringify([activities.a?.input, activities.a?.output]).includes("hidden"), false);
    assert.deepEqual(activities.b?.output, { name: "v", value: "hidden" });
  });

  it("binds given values and defaults of parameters, and refuses missing or mistyped values", async () => {
    const parameters = {
      s: { type: "String" },
      n: { type: "int", defaultValue: 7 },
      k: { type: "SecureString", defaultValue: "key" },
    };
    test.deploy("pipelines", "p", {
      parameters,
      ...variables,
      activities: [
        set("a", "@{pipeline().parameters.s}-@{pipeline().parameters.n}-@{pipeline().globalParameters.env}"),
      ],
    });
    const run = await test.finish(test.start("p", { S: "x", unknown: 1 }).runId);
    assert.deepEqual(test.store.activityRuns(run.runId)[0]?.output, { name: "v", value: "x-7-test" });
    assert.deepEqual(run.parameters, { s: "x", n: "7", k: "**********" });
    assert.throws(
      () => test.start("p"),
      (error: ActivityError) => error.errorCode === "BadRequest" && /'s'/.test(error.message),
    );
    assert.throws(() => test.start("p", { s: "x", n: "many" }), /must be of type 'int'/);
    assert.throws(() => test.start("nosuch"), ActivityError);
  });

  it("answers before a run does anything, and lets timers fire while activities wait for nothing", async () => {
    const loop = activity("loop", "ForEach", {
      items: "@range(1, 300)",
      isSequential: true,
      activities: [set("s", "x")],
    });
    test.deploy("pipelines", "p", { ...variables, activities: [loop] });
    const { runId } = test.start("p");
    assert.deepEqual(test.store.activityRuns(runId), []);
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.equal(test.store.get(runId)?.status, "InProgress");
    assert.equal((await test.finish(runId)).status, "Succeeded");
  });

  for (const waitOnCompletion of [true, false]) {
    it(`stops a pipeline that calls itself ${waitOnCompletion ? "and waits" : "without waiting"}`, async () => {
      const pipeline = { referenceName: "p", type: "PipelineReference" };
      test.deploy("pipelines", "p", {
        activities: [activity("again", "ExecutePipeline", { pipeline, waitOnCompletion })],
      });
      await test.finish(test.start("p").runId);
      const failed = async (): Promise<PipelineRun> => {
        await Promise.all(test.store.list().map(({ runId }) => test.runner.waitForRun(runId)));
        return test.store.list().find(({ message }) => message.includes("QT3110")) ?? failed();
      };
      assert.equal((await failed()).status, "Failed");
      assert.equal(test.store.list().length, 101);
    });
  }

  it("reports the cause of an inner failure", async () => {
    const { run } = await test.run([
      activity("if", "IfCondition", {
        expression: "@equals(1, 1)",
        ifTrueActivities: [failing("inner", "why")],
      }),
    ]);
    assert.equal(
      run.message,
      "Operation on target if failed: Activity failed because an inner activity failed; Inner activity name: inner, Error: why",
    );
  });
});

/** A promise that resolves on release. */
function gate(): { release: () => void; open: Promise<void> } {
  let release: () => void = () => undefined;
  const open = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { release, open };
}

/** Holds every procedure call until the gate opens. @returns a promise that resolves when the first call arrives */
function holdCalls(test: TestRunner, open: Promise<void>): Promise<void> {
  return new Promise((arrived) => {
    test.sql.session.execute = async () => {
      arrived();
      await open;
      return { recordsets: [], rowsAffected: [] };
    };
  });
}
