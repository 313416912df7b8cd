import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActivityRun, PipelineRun } from "./records";
import { RunStore } from "./run-store";

const run: PipelineRun = {
  runId: "r1",
  runGroupId: "r1",
  isLatest: true,
  factoryId: "/f",
  pipelineName: "p",
  parameters: {},
  invokedBy: { id: "i", name: "Manual", invokedByType: "Manual" },
  status: "InProgress",
  message: "",
  runStart: "2026-01-01T00:00:00.000Z",
  runEnd: null,
  durationInMs: null,
  lastUpdated: "2026-01-01T00:00:00.000Z",
  annotations: [],
  runDimensions: {},
};
const activity: ActivityRun = {
  activityRunId: "a1",
  activityName: "a",
  activityType: "Wait",
  pipelineName: "p",
  pipelineRunId: "r1",
  linkedServiceName: "",
  status: "InProgress",
  activityRunStart: "2026-01-01T00:00:00.000Z",
  activityRunEnd: null,
  durationInMs: null,
  input: {},
  output: {},
  error: { errorCode: "", message: "", failureType: "", target: "a" },
  retryAttempt: null,
  userProperties: {},
};

describe("the run store", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "runs-"));
    file = join(folder, "deep", "runs.jsonl");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("finds runs and activities again after a restart", () => {
    const store = new RunStore(file);
    store.saveRun({ ...run, status: "Succeeded" });
    store.saveActivity({ ...activity, status: "Succeeded" });
    const again = new RunStore(file);
    assert.equal(again.get("r1")?.status, "Succeeded");
    assert.deepEqual(
      again.activityRuns("r1").map(({ status }) => status),
      ["Succeeded"],
    );
  });

  it("fails the runs and activities that were in progress at a kill, and says why", () => {
    const store = new RunStore(file);
    store.saveRun(run);
    store.saveActivity(activity);
    const again = new RunStore(file);
    assert.equal(again.get("r1")?.status, "Failed");
    assert.match(again.get("r1")?.message ?? "", /stopped while this run was in progress/);
    assert.equal(again.activityRuns("r1")[0]?.status, "Failed");
  });

  it("ignores an incomplete line after a kill", () => {
    new RunStore(file).saveRun({ ...run, status: "Succeeded" });
    appendFileSync(file, '{"run":{"runId":"r2","sta');
    const again = new RunStore(file);
    assert.deepEqual(
      again.list().map(({ runId }) => runId),
      ["r1"],
    );
    again.saveRun({ ...run, runId: "r3", status: "Succeeded" });
    assert.deepEqual(
      new RunStore(file).list().map(({ runId }) => runId),
      ["r1", "r3"],
    );
  });
});
