import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../../kit/testing/temporary-folder";
import type { FlowStep } from "../../control-plane/flow-log";
import { ARM_AUDIENCE } from "../../control-plane/identity";
import {
  startTestEmulator,
  type TestEmulator,
  type TestReply,
} from "../../control-plane/testing/test-emulator";
import { createAutomationService } from ".";
import type { Execution, RunbookTwin } from "./run/runbook-executor";

const NEXT_YEAR = new Date(Date.now() + 365 * 86_400_000).toISOString();
const SCRIPT = 'param([object] $WebhookData)\nWrite-Output "Hello"\n';

/** A runbook in TypeScript that greets, fails or waits, depending on the webhook's body. */
function greeter(script: string) {
  let begun = () => {};
  const twin: RunbookTwin = {
    name: "greet.ps1",
    script,
    async run({ parameters, sandbox, signal, write }: Execution) {
      const { RequestBody } = (parameters.WebhookData ?? {}) as { RequestBody?: string };
      if (RequestBody === "fail") throw new Error("Nobody is there.");
      if (RequestBody === "wait" && control.waits) {
        await new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          begun();
        });
      }
      write("Warning", "It is late.");
      write("Output", `${sandbox.variables.get("greeting")} ${RequestBody ?? "everybody"}`);
    },
  };
  const control = { twin, waits: true, waiting: () => new Promise<void>((resolve) => (begun = resolve)) };
  return control;
}

describe("Automation", () => {
  const folder = temporaryFolder();
  let control: ReturnType<typeof greeter>;
  let emulator: TestEmulator;
  let account: string;

  const open = async () => {
    emulator = await startTestEmulator(
      (context) => [createAutomationService(context, { powerShell: null, twins: [control.twin] })],
      join(folder(), "state"),
    );
    account = `${emulator.group}/providers/Microsoft.Automation/automationAccounts/automation`;
  };
  const arm = async (method: string, below: string, body?: unknown): Promise<TestReply> => {
    const reply = await emulator.arm(method, `${account}${below}`, body);
    assert.ok(reply.status < 300, `${method} ${below}: ${reply.status} ${reply.text}`);
    return reply;
  };
  const draft = (content: string) => {
    const { context } = emulator;
    const { token } = context.tokens.issue(context.principals.deployer, ARM_AUDIENCE);
    return emulator.call(
      `${context.httpsUrl}${account}/runbooks/greet/draft/content?api-version=2023-11-01`,
      {
        method: "PUT",
        headers: { authorization: `Bearer ${token}`, "content-type": "text/powershell" },
        body: content,
      },
    );
  };
  const publish = async (content: string) => {
    assert.equal((await draft(content)).status, 202);
    await arm("POST", "/runbooks/greet/publish");
  };
  const webhook = async (expiryTime = NEXT_YEAR): Promise<string> => {
    const uri = (await arm("POST", "/webhooks/generateUri")).json as string;
    const properties = { uri, expiryTime, runbook: { name: "greet" } };
    await arm("PUT", `/webhooks/${randomUUID()}`, { properties });
    return uri;
  };
  const send = (uri: string, body: string) => emulator.call(uri, { method: "POST", body });
  const jobEnd = (jobId: string) =>
    new Promise<void>((resolve) => {
      const { flow } = emulator.context;
      const isEnd = ({ id, status }: FlowStep) => id === jobId && status !== "started";
      const stop = flow.subscribe((step) => isEnd(step) && resolve(stop()));
      if (flow.recent(1000).some(isEnd)) resolve(stop());
    });
  const job = async (jobId: string) => (await arm("GET", `/jobs/${jobId}`)).json.properties;
  const streams = async (jobId: string) =>
    (await arm("GET", `/jobs/${jobId}/streams`)).json.value.map(
      ({ properties }: { properties: { streamType: string; streamText: string } }) =>
        `${properties.streamType}: ${properties.streamText}`,
    );

  beforeEach(async () => {
    const script = join(folder(), "greet.ps1");
    writeFileSync(script, SCRIPT);
    control = greeter(script);
    await open();
    await arm("PUT", "", { location: "westeurope", properties: { sku: { name: "Basic" } } });
    await arm("PUT", "/variables/greeting", { properties: { value: '"Hello"' } });
    await arm("PUT", "/runbooks/greet", {
      location: "westeurope",
      properties: { runbookType: "PowerShell" },
    });
    await publish(SCRIPT);
  });
  afterEach(() => emulator.stop());

  it("answers a webhook with 202 and runs a job, with output and streams", async () => {
    const reply = await send(await webhook(), "Ann");
    assert.equal(reply.status, 202);
    const [jobId] = reply.json.JobIds;
    await jobEnd(jobId);
    const { status, runbook, startTime, endTime, exception } = await job(jobId);
    assert.deepEqual([status, runbook.name, exception], ["Completed", "greet", null]);
    assert.ok(startTime <= endTime);
    const [host = "", ...said] = await streams(jobId);
    assert.match(host, /^Output: \[local\] PowerShell is not installed: .* greet\.ps1 runs\.$/);
    assert.deepEqual(said, ["Warning: It is late.", "Output: Hello Ann"]);
    const output = await emulator.arm("GET", `${account}/jobs/${jobId}/output`);
    assert.match(output.text, /Hello Ann/);
    assert.doesNotMatch(output.text, /It is late/);
  });

  it("shows why a job failed", async () => {
    const [jobId] = (await send(await webhook(), "fail")).json.JobIds;
    await jobEnd(jobId);
    const { status, exception } = await job(jobId);
    assert.deepEqual([status, exception], ["Failed", "Nobody is there."]);
    assert.equal((await streams(jobId)).at(-1), "Error: Nobody is there.");
  });

  it("refuses a wrong token and an expired webhook, and starts no job", async () => {
    const wrong = await send(`${emulator.context.httpsUrl}/webhooks?token=wrong`, "Ann");
    assert.equal(wrong.status, 400);
    assert.match(wrong.json.message, /token is missing or invalid/);
    const expired = await send(await webhook("2020-01-01T00:00:00Z"), "Ann");
    assert.equal(expired.status, 400);
    assert.match(expired.json.message, /expired/);
    assert.deepEqual((await arm("GET", "/jobs")).json.value, []);
  });

  it("runs what is published, not the draft", async () => {
    assert.equal((await draft("Write-Output 'other'")).status, 202);
    assert.equal((await arm("GET", "/runbooks/greet/content")).text, SCRIPT);
    const [jobId] = (await send(await webhook(), "Ann")).json.JobIds;
    await jobEnd(jobId);
    assert.equal((await job(jobId)).status, "Completed");
  });

  it("fails a job if neither PowerShell nor a twin can run its content", async () => {
    await publish(`${SCRIPT}# changed\n`);
    const [jobId] = (await send(await webhook(), "Ann")).json.JobIds;
    await jobEnd(jobId);
    assert.match((await job(jobId)).exception, /^QT2001: Runbook greet cannot run here/);
  });

  it("starts an interrupted job again after a restart, from the beginning", async () => {
    const waiting = control.waiting();
    const [jobId] = (await send(await webhook(), "wait")).json.JobIds;
    await waiting;
    assert.equal((await job(jobId)).status, "Running");
    await emulator.close();
    control.waits = false;
    await open();
    await jobEnd(jobId);
    assert.equal((await job(jobId)).status, "Completed");
    const [first = "", ...later] = await streams(jobId);
    assert.match(first, /^Warning: The job was interrupted/);
    assert.equal(later.at(-1), "Output: Hello wait");
  });
});
