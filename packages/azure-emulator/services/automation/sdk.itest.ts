import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { text } from "node:stream/consumers";
import tls from "node:tls";
import { AutomationClient } from "@azure/arm-automation";
import { startTestEmulator, type TestEmulator } from "../../control-plane/testing/test-emulator";
import { createAutomationService } from ".";

/** Microsoft's own client for Automation, unmodified. */
describe("@azure/arm-automation against the Automation service", () => {
  let emulator: TestEmulator;
  let client: AutomationClient;
  const at = ["rg", "automation"] as const;

  before(async () => {
    emulator = await startTestEmulator((context) => [createAutomationService(context, { powerShell: null })]);
    const { context } = emulator;
    tls.setDefaultCACertificates([...tls.getCACertificates(), context.certificates.ca]);
    const getToken = async () => {
      const { token, expiresOn } = context.tokens.issue(
        context.principals.deployer,
        "https://management.azure.com/",
      );
      return { token, expiresOnTimestamp: expiresOn.getTime() };
    };
    // The third argument is an unused enum of the generated client; only the fourth holds options.
    // By default the client pauses 30 seconds between two polls of a long-running operation.
    const options = { baseUri: context.httpsUrl, longRunningOperationRetryTimeout: 0 };
    client = new AutomationClient({ getToken }, context.subscriptionId, "status", options);
    await client.automationAccount.createOrUpdate(...at, { location: "westeurope", sku: { name: "Basic" } });
  });
  after(() => emulator?.stop());

  it("creates assets and reads them back", async () => {
    await client.variable.createOrUpdate(...at, "v", { name: "v", value: '"text"', isEncrypted: false });
    assert.equal((await client.variable.get(...at, "v")).value, '"text"');
    await client.credential.createOrUpdate(...at, "c", { name: "c", userName: "user", password: "secret" });
    assert.equal((await client.credential.get(...at, "c")).userName, "user");
    await assert.rejects(client.variable.get(...at, "none"), { statusCode: 404 });
  });

  it("publishes a runbook, creates a webhook, and reads the job that the webhook starts", async () => {
    await client.runbook.createOrUpdate(...at, "load", { runbookType: "PowerShell", location: "westeurope" });
    // Not replaceContent: after its polling it parses the script as JSON, with any server.
    await client.runbookDraft.beginReplaceContent(...at, "load", "Write-Output 'not the checkout'");
    await client.runbook.publish(...at, "load");
    assert.equal((await client.runbook.get(...at, "load")).state, "Published");
    const content = (await client.runbook.getContent(...at, "load")).readableStreamBody;
    assert.equal(content && (await text(content)), "Write-Output 'not the checkout'");

    const uri = (await client.webhook.generateUri(...at)).body;
    assert.match(uri, /^https:\/\/127\.0\.0\.1:\d+\/webhooks\?token=[\w-]{43}$/);
    const expiryTime = new Date(Date.now() + 365 * 86_400_000);
    const webhook = { name: "w", uri, expiryTime, isEnabled: true, runbook: { name: "load" } };
    await client.webhook.createOrUpdate(...at, "w", webhook);
    const read = await client.webhook.get(...at, "w");
    assert.deepEqual([read.uri, read.expiryTime, read.isEnabled], ["", expiryTime, true]);

    const ended = new Promise<void>((resolve) => {
      emulator.context.flow.subscribe((step) => step.name === "job" && step.status === "failed" && resolve());
    });
    const reply = await emulator.call(uri, { method: "POST", body: "{}" });
    await ended;
    const jobId = reply.json.JobIds[0];
    const job = await client.job.get(...at, jobId);
    assert.deepEqual([job.status, job.jobId, job.runbook?.name], ["Failed", jobId, "load"]);
    assert.match(job.exception ?? "", /QT2001/);
    const output = (await client.job.getOutput(...at, jobId)).readableStreamBody;
    assert.equal(output && (await text(output)), "");
    const [stream] = await client.jobStream.listByJob(...at, jobId);
    assert.equal(stream?.streamType, "Error");
    assert.match(
      (await client.jobStream.get(...at, jobId, stream?.jobStreamId ?? "")).streamText ?? "",
      /QT2001/,
    );
    assert.equal((await client.job.listByAutomationAccount(...at)).length, 1);
  });

  it("starts a job by hand", async () => {
    const name = randomUUID();
    const job = await client.job.create(...at, name, { runbook: { name: "load" }, parameters: {} });
    assert.equal(job.status, "New");
    await client.webhook.deleteMethod(...at, "w");
    await client.automationAccount.deleteMethod(...at);
  });
});
