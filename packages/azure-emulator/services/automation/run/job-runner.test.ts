import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createFlowLog } from "../../../control-plane/flow-log";
import type { LocalContext } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { createJobRunner } from "./job-runner";
import { openJobStore } from "./job-store";
import type { RunbookExecutor } from "./runbook-executor";

const account: ArmResource = {
  id: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Automation/automationAccounts/a",
  type: "Microsoft.Automation/automationAccounts",
  name: "a",
  properties: {},
};
const request = {
  jobId: "job-1",
  name: "job-1",
  account,
  runbookName: "load",
  startedBy: "test",
  parameters: {},
};

describe("job runner", () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "jobs-"));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** A runner as in a new process: all its state comes from the folder. */
  function freshRunner(executor: RunbookExecutor, content: string | undefined = "script") {
    const flow = createFlowLog();
    const ends = new EventTarget();
    flow.subscribe((step) => ends.dispatchEvent(new Event(step.status)));
    const resources = { get: () => account, list: () => [] };
    const runner = createJobRunner({
      context: { flow, resources } as unknown as LocalContext,
      contents: { get: () => content, setDraft() {}, publish: () => true, remove() {} },
      secrets: { get: () => undefined, set() {}, remove() {} },
      jobs: openJobStore(folder),
      executor,
      atOnce: 50,
    });
    return { runner, flow, status: (name: "started" | "succeeded" | "failed") => once(ends, name) };
  }
  const onDisk = () => openJobStore(folder).find(account.id, "JOB-1");

  const untilStopped: RunbookExecutor = {
    async run({ signal, write }, started) {
      started?.();
      write("Output", "before the stop");
      await once(signal, "abort");
      throw signal.reason;
    },
  };
  const quick: RunbookExecutor = { run: async ({ write }) => write("Output", "after it") };

  it("starts an interrupted job again from the beginning, in the next process", async () => {
    const first = freshRunner(untilStopped);
    const started = first.status("started");
    first.runner.create(request);
    await started;
    await first.runner.stop();
    assert.equal(onDisk()?.status, "Running");

    const second = freshRunner(quick);
    const ended = second.status("succeeded");
    second.runner.resume();
    await ended;
    const job = onDisk();
    assert.deepEqual(
      job?.streams.map(({ type, text }) => [type, text]),
      [
        ["Warning", "The job was interrupted and starts again from the beginning."],
        ["Output", "after it"],
      ],
    );
    assert.equal(job?.status, "Completed");
  });

  it("has a job on disk before it returns its id, so that a kill loses none", async () => {
    const first = freshRunner(quick);
    first.runner.create(request);
    assert.equal(onDisk()?.status, "New");
    await first.status("succeeded");
  });

  it("does not run ended jobs again", async () => {
    const first = freshRunner(quick);
    const ended = first.status("succeeded");
    first.runner.create(request);
    await ended;
    const second = freshRunner({ run: () => Promise.reject(new Error("must not run")) });
    second.runner.resume();
    assert.deepEqual(second.flow.recent(10), []);
  });

  it("fails with the runbook's exception", async () => {
    const { runner, status } = freshRunner({ run: () => Promise.reject(new Error("no pipeline")) });
    const ended = status("failed");
    runner.create(request);
    await ended;
    const job = onDisk();
    assert.deepEqual(
      [job?.status, job?.exception, job?.streams.at(-1)?.type],
      ["Failed", "no pipeline", "Error"],
    );
  });

  it("passes JSON parameters as values and other text as text", async () => {
    let seen: unknown;
    const { runner, status } = freshRunner({
      run: async ({ parameters }) => {
        seen = parameters;
      },
    });
    const ended = status("succeeded");
    runner.create({ ...request, parameters: { WebhookData: '{"a":[1]}', Text: "d-1", Number: "7" } });
    await ended;
    assert.deepEqual(seen, { WebhookData: { a: [1] }, Text: "d-1", Number: 7 });
  });

  it("drops jobs that Automation would no longer keep, and those of a deleted account", async () => {
    const { runner, status } = freshRunner(quick);
    const ended = status("succeeded");
    runner.create(request);
    await ended;
    const later = Date.now() + 31 * 86_400_000;
    assert.equal(openJobStore(folder).list(account.id).length, 1);
    openJobStore(folder).removeAll(`${account.id}-other`);
    assert.equal(openJobStore(folder).list(account.id).length, 1);
    openJobStore(folder).removeAll(account.id.toUpperCase());
    assert.equal(openJobStore(folder).list(account.id).length, 0);
    runner.create({ ...request, jobId: "job-2" });
    assert.equal(openJobStore(folder, later).list(account.id).length, 0);
  });
});
