import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../../kit/testing/temporary-folder";
import { ARM_AUDIENCE } from "../../control-plane/identity";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createAutomationService } from ".";
import type { LimitPlan } from "./resources/automation-limits";

const SCRIPT = "param([object] $WebhookData)\nStart-Sleep 60\n";

describe("Automation's limits", () => {
  const folder = temporaryFolder();
  let emulator: TestEmulator | undefined;
  let release = () => {};
  afterEach(async () => {
    release();
    await emulator?.close();
  });

  /** An emulator whose runbook runs until `release` is called. */
  async function open(limits?: LimitPlan) {
    const script = join(folder(), "wait.ps1");
    writeFileSync(script, SCRIPT);
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const twin = { name: "wait.ps1", script, run: () => released };
    const started = await startTestEmulator(
      (context) => [createAutomationService(context, { powerShell: null, twins: [twin], limits })],
      join(folder(), "state"),
    );
    emulator = started;
    const account = (name: string, location = "westeurope") =>
      started.arm("PUT", `${started.group}/providers/Microsoft.Automation/automationAccounts/${name}`, {
        location,
        properties: { sku: { name: "Basic" } },
      });
    return { emulator: started, account };
  }

  for (const [plan, most] of [
    [undefined, 10],
    ["pay-as-you-go", 2],
    ["trial", 1],
  ] as const)
    it(`refuses the account after the last of a region: ${plan ?? "enterprise, the default"}`, async () => {
      const { account } = await open(plan);
      for (let number = 1; number <= most; number++)
        assert.ok((await account(`account-${number}`)).status < 300);
      const refused = await account("one-more", "West Europe");
      assert.equal(refused.status, 400);
      assert.equal(refused.json.error.code, "BadRequest");
      assert.match(refused.json.error.message, /^Maximum number of Accounts reached/);
      assert.ok((await account("account-1")).status < 300, "one that is there can be put again");
      assert.ok((await account("elsewhere", "northeurope")).status < 300, "another region has room");
    });

  it("has no limit if it is off", async () => {
    const { account } = await open("off");
    for (let number = 0; number < 12; number++) assert.ok((await account(`account-${number}`)).status < 300);
  });

  /** Deploys the runbook and a webhook. Returns the account's id and the webhook's address. */
  async function deployWebhook({ emulator, account }: Awaited<ReturnType<typeof open>>) {
    const { id } = (await account("automation")).json as { id: string };
    const { context } = emulator;
    const { token } = context.tokens.issue(context.principals.deployer, ARM_AUDIENCE);
    const properties = { runbookType: "PowerShell", draft: {} };
    await emulator.arm("PUT", `${id}/runbooks/wait`, { location: "westeurope", properties });
    const headers = { authorization: `Bearer ${token}`, "content-type": "text/powershell" };
    const draft = `${context.httpsUrl}${id}/runbooks/wait/draft/content?api-version=2023-11-01`;
    await emulator.call(draft, { method: "PUT", headers, body: SCRIPT });
    await emulator.arm("POST", `${id}/runbooks/wait/publish`);
    const uri = (await emulator.arm("POST", `${id}/webhooks/generateUri`)).json as string;
    return { id, uri };
  }
  const inYears = (years: number) => {
    const time = new Date();
    time.setUTCFullYear(time.getUTCFullYear() + years, time.getUTCMonth(), time.getUTCDate() + 1);
    return time.toISOString();
  };

  it("refuses the job after the last that an account runs at once, and takes one when another has ended", async () => {
    const opened = await open("trial");
    const { id, uri } = await deployWebhook(opened);
    const webhook = { uri, expiryTime: inYears(1), runbook: { name: "wait" } };
    assert.ok(
      (await opened.emulator.arm("PUT", `${id}/webhooks/${randomUUID()}`, { properties: webhook })).status <
        300,
    );
    const { flow } = opened.emulator.context;
    const steps = (name: string, status: string) =>
      flow.recent(1000).filter((step) => step.name === name && step.status === status).length;
    const until = (condition: () => boolean) =>
      new Promise<void>((resolve) => {
        const stop = flow.subscribe(() => condition() && resolve(stop()));
        if (condition()) resolve(stop());
      });
    const call = () => opened.emulator.call(uri, { method: "POST", body: "{}" });
    for (let job = 0; job < 5; job++) assert.equal((await call()).status, 202);
    await until(() => steps("job", "started") === 5);
    const refused = await call();
    assert.equal(refused.status, 400);
    assert.match(refused.json.message, /'automation' runs 5 jobs/);
    assert.equal(steps("webhook", "failed"), 1);
    const byRest = await opened.emulator.arm("PUT", `${id}/jobs/${randomUUID()}`, {
      properties: { runbook: { name: "wait" } },
    });
    assert.equal(byRest.status, 400);
    release();
    await until(() => steps("job", "succeeded") === 5);
    assert.equal((await call()).status, 202);
  });

  it("refuses a webhook that lasts longer than ten years", async () => {
    const opened = await open();
    const { id, uri } = await deployWebhook(opened);
    const put = (expiryTime: string) =>
      opened.emulator.arm("PUT", `${id}/webhooks/hook`, {
        properties: { uri, expiryTime, runbook: { name: "wait" } },
      });
    const refused = await put(inYears(10));
    assert.equal(refused.status, 400);
    assert.match(refused.json.error.message, /more than 10 years away/);
    assert.ok((await put(inYears(9))).status < 300);
  });
});
