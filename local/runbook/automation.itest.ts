import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import tls from "node:tls";
import type { FlowStep } from "../../packages/azure-emulator/control-plane/flow-log";
import type {
  ArmRoute,
  LocalContext,
  LocalService,
} from "../../packages/azure-emulator/control-plane/local-service";
import {
  startTestEmulator,
  type TestEmulator,
  type TestReply,
} from "../../packages/azure-emulator/control-plane/testing/test-emulator";
import { createAutomationService } from "../../packages/azure-emulator/services/automation";
import { loadTwin } from "./runbook-twin";

const NEXT_YEAR = new Date(Date.now() + 365 * 86_400_000).toISOString();
const script = fs.readFileSync(path.join(__dirname, "../../runbooks/Start-QuantemplateLoad.ps1"), "utf8");
const event = {
  id: randomUUID(),
  name: "DatasetUpdated",
  payload: { datasetId: "d-1", eventName: "DatasetUpdated" },
};
const contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";

/** Stands in for the real Data Factory, which has its own tests: runs nothing and records who started what. */
function fakeDataFactory() {
  const factory = "/providers/Microsoft.DataFactory/factories/:factory";
  const action = "Microsoft.DataFactory/factories";
  const runs: { id: string; jobId: unknown; body: unknown; status: string }[] = [];
  const route = (
    method: "GET" | "POST",
    below: string,
    name: string,
    handle: ArmRoute["handle"],
  ): ArmRoute => ({
    method,
    path: `${factory}${below}`,
    action: `${action}/${name}`,
    handle,
  });
  const service: LocalService = {
    name: "fake-data-factory",
    resourceTypes: [{ type: "Microsoft.DataFactory/factories" }],
    armRoutes: [
      route("POST", "/queryPipelineRuns", "querypipelineruns/action", async () => ({
        status: 200,
        body: { value: [] },
      })),
      route(
        "POST",
        "/pipelines/:pipeline/createRun",
        "pipelines/createrun/action",
        async ({ body, headers }) => {
          const run = {
            id: randomUUID(),
            jobId: headers["x-ms-client-request-id"],
            body,
            status: control.status,
          };
          runs.push(run);
          return { status: 200, body: { runId: run.id } };
        },
      ),
      route("GET", "/pipelineruns/:run", "pipelineruns/read", async ({ params }) => {
        const run = runs.find(({ id }) => id === params.run);
        return { status: 200, body: { runId: run?.id, status: run?.status, message: "" } };
      }),
    ],
  };
  const control = { service, runs, status: "Succeeded" };
  return control;
}

describe("the Automation service", () => {
  let emulator: TestEmulator;
  let account: string;
  const factory = fakeDataFactory();

  const put = async (below: string, properties: unknown, more = {}) => {
    const reply = await emulator.arm("PUT", `${account}${below}`, { properties, ...more });
    assert.ok(reply.status < 300, `${below}: ${reply.status} ${reply.text}`);
    return reply;
  };
  const setVariable = (name: string, value: unknown) =>
    put(`/variables/${name}`, { value: JSON.stringify(value) });
  const publish = async (runbook: string, content: string) => {
    const token = emulator.context.tokens.issue(
      emulator.context.principals.deployer,
      "https://management.azure.com/",
    ).token;
    const headers = { authorization: `Bearer ${token}`, "content-type": "text/powershell" };
    const url = `${emulator.context.httpsUrl}${account}/runbooks/${runbook}`;
    const draft = await emulator.call(`${url}/draft/content?api-version=2023-11-01`, {
      method: "PUT",
      headers,
      body: content,
    });
    assert.equal(draft.status, 202, draft.text);
    assert.equal((await emulator.arm("POST", `${account}/runbooks/${runbook}/publish`)).status, 202);
  };
  const generateUri = async (): Promise<string> =>
    (await emulator.arm("POST", `${account}/webhooks/generateUri`)).json as string;
  const makeWebhook = async (name: string, properties = {}, runbook = "load"): Promise<string> => {
    const uri = await generateUri();
    await put(`/webhooks/${name}`, {
      uri,
      expiryTime: NEXT_YEAR,
      runbook: { name: runbook },
      ...properties,
    });
    return uri;
  };
  const send = (uri: string, body: unknown = event): Promise<TestReply> =>
    emulator.call(uri, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });
  /** The job's end, as ARM shows it, once it appears in the flow. */
  const ended = async (jobId: string, name = jobId) => {
    const isEnd = (step: FlowStep) => step.id === jobId && step.status !== "started";
    const { flow } = emulator.context;
    await new Promise<void>((resolve) => {
      if (flow.recent(1000).some(isEnd)) return resolve();
      const end = flow.subscribe((step) => {
        if (!isEnd(step)) return;
        end();
        resolve();
      });
    });
    const { status, exception } = (await emulator.arm("GET", `${account}/jobs/${name}`)).json.properties;
    return { status, exception, output: (await emulator.arm("GET", `${account}/jobs/${name}/output`)).text };
  };
  const run = async (uri: string, body: unknown = event) => {
    const reply = await send(uri, body);
    assert.equal(reply.status, 202, reply.text);
    return ended(reply.json.JobIds[0]);
  };

  before(async () => {
    emulator = await startTestEmulator((context: LocalContext) => [
      createAutomationService(context, { powerShell: null, twins: [loadTwin] }),
      factory.service,
    ]);
    tls.setDefaultCACertificates([...tls.getCACertificates(), emulator.context.certificates.ca]);
    account = `${emulator.group}/providers/Microsoft.Automation/automationAccounts/automation`;
    const factoryId = `${emulator.group}/providers/Microsoft.DataFactory/factories/adf`;
    await emulator.arm("PUT", factoryId, { location: "westeurope", properties: {} });
    const made = await put(
      "",
      { sku: { name: "Basic" } },
      { location: "westeurope", identity: { type: "SystemAssigned" } },
    );
    const { principalId } = made.json.identity;
    const role = await emulator.arm(
      "PUT",
      `${factoryId}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`,
      {
        properties: {
          principalId,
          principalType: "ServicePrincipal",
          roleDefinitionId: `/subscriptions/${emulator.context.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${contributor}`,
        },
      },
    );
    assert.ok(role.status < 300, role.text);
    for (const [name, value] of Object.entries({
      "ADF-CredentialName": "",
      "ADF-TenantID": emulator.context.tenantId,
      "ADF-SubscriptionID": emulator.context.subscriptionId,
      "ADF-ResourceGroupName": "rg",
      "ADF-DataFactoryName": "adf",
      "QT-Datasets": JSON.stringify({ ids: ["d-1"], unknown: "ignore" }),
      "QT-WaitForEnd": "true",
    })) {
      await setVariable(name, value);
    }
    await put("/runbooks/load", { runbookType: "PowerShell" }, { location: "westeurope" });
    await publish("load", script);
  });
  after(() => emulator?.stop());

  it("runs the published runbook as the account's identity, from webhook to pipeline run", async () => {
    factory.runs.length = 0;
    const uri = await makeWebhook("good");
    const reply = await send(uri);
    const [jobId] = reply.json.JobIds;
    const job = await ended(jobId);
    assert.equal(job.status, "Completed", job.exception);
    assert.match(job.output, /TypeScript twin of runbooks\/Start-QuantemplateLoad\.ps1 runs/);
    assert.match(job.output, /Dataset d-1 loaded/);
    assert.deepEqual(
      factory.runs.map(({ body, jobId: by }) => ({ body, by })),
      [{ body: { DatasetID: "d-1" }, by: jobId }],
    );
    const steps = emulator.context.flow.recent(100).filter(({ id }) => id.includes(jobId));
    assert.deepEqual(
      steps.map(({ name, status, parent }) => [name, status, parent]),
      [
        ["webhook", "succeeded", event.id],
        ["job", "started", `webhook-${jobId}`],
        ["job", "succeeded", `webhook-${jobId}`],
      ],
    );
  });

  it("keeps the call's headers and body with the job, and the token nowhere", async () => {
    const uri = await makeWebhook("records");
    const reply = await emulator.call(uri, {
      method: "POST",
      headers: { "x-mark": "seen" },
      body: JSON.stringify(event),
    });
    const jobId = reply.json.JobIds[0];
    await ended(jobId);
    const { parameters } = (await emulator.arm("GET", `${account}/jobs/${jobId}`)).json.properties;
    const data = JSON.parse(parameters.WebhookData);
    assert.deepEqual(
      [data.WebhookName, JSON.parse(data.RequestBody), data.RequestHeader["x-mark"]],
      ["records", event, "seen"],
    );
    const token = new URL(uri).searchParams.get("token") ?? "none";
    const written = fs
      .readdirSync(emulator.context.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8"));
    assert.ok(written.length > 5);
    assert.ok(written.every((content) => !content.includes(token)));
    assert.ok(!JSON.stringify(emulator.context.flow.recent(1000)).includes(token));
  });

  describe("answers", () => {
    const refused = async (uri: string, status: number, message: RegExp, body: unknown = event) => {
      const reply = await send(uri, body);
      assert.equal(reply.status, status, reply.text);
      assert.match(reply.json.message, message);
    };

    it("400 to a missing or wrong token", async () => {
      await refused(`${emulator.context.httpsUrl}/webhooks`, 400, /token is missing or invalid/);
      await refused(`${emulator.context.httpsUrl}/webhooks?token=wrong`, 400, /token is missing or invalid/);
    });

    it("400 to an expired webhook", async () => {
      await refused(await makeWebhook("expired", { expiryTime: "2020-01-01T00:00:00Z" }), 400, /expired/);
    });

    it("400 to a disabled webhook, and 202 once it is enabled", async () => {
      const uri = await makeWebhook("off", { isEnabled: false });
      await refused(uri, 400, /disabled/);
      await put("/webhooks/off", { isEnabled: true, runbook: { name: "load" } });
      assert.equal((await run(uri)).status, "Completed");
    });

    it("400 to a body over 512 KB, and 202 to one of exactly that", async () => {
      const uri = await makeWebhook("size");
      const pad = 512 * 1024 - JSON.stringify({ ...event, pad: "" }).length;
      await refused(uri, 400, /larger than 524288 bytes/, { ...event, pad: "x".repeat(pad + 1) });
      await refused(uri, 400, /larger than 524288 bytes/, "x".repeat(5_000_000));
      assert.equal((await run(uri, { ...event, pad: "x".repeat(pad) })).status, "Completed");
    });

    it("404 if the webhook or the runbook is gone", async () => {
      const uri = await makeWebhook("gone");
      await emulator.arm("DELETE", `${account}/webhooks/gone`);
      await refused(uri, 404, /webhook was not found/);
      await refused(await generateUri(), 404, /webhook was not found/);
      await makeWebhook("gone");
      await refused(uri, 404, /webhook was not found/);
      await put("/runbooks/brief", { runbookType: "PowerShell" });
      await publish("brief", script);
      const orphan = await makeWebhook("orphan", {}, "brief");
      await emulator.arm("DELETE", `${account}/runbooks/brief`);
      await refused(orphan, 404, /Runbook 'brief' was not found/);
    });

    it("403 if the account forbids local authentication", async () => {
      const uri = await makeWebhook("local");
      const identity = { type: "SystemAssigned" };
      await put("", { disableLocalAuth: true }, { location: "westeurope", identity });
      await refused(uri, 403, /allows no webhooks/);
      await put("", {}, { location: "westeurope", identity });
    });
  });

  describe("a webhook", () => {
    it("never shows its uri again", async () => {
      await makeWebhook("silent");
      assert.equal((await emulator.arm("GET", `${account}/webhooks/silent`)).json.properties.uri, "");
    });

    const bad = async (name: string, properties: unknown, message: RegExp) => {
      const reply = await emulator.arm("PUT", `${account}/webhooks/${name}`, { properties });
      assert.ok([400, 404].includes(reply.status), `${reply.status} ${reply.text}`);
      assert.match(reply.text, message);
    };

    it("never changes its uri or expiry", async () => {
      const uri = await makeWebhook("fixed");
      const same = { uri, expiryTime: NEXT_YEAR, runbook: { name: "load" } };
      await put("/webhooks/fixed", same);
      await bad("fixed", { ...same, expiryTime: "2098-01-01T00:00:00Z" }, /expiryTime cannot be changed/);
      await bad("fixed", { ...same, uri: await generateUri() }, /uri cannot be changed/);
      assert.equal((await run(uri)).status, "Completed");
    });

    it("takes only a uri that generateUri made, and only once", async () => {
      const runbook = { name: "load" };
      await bad("w", { runbook }, /needs properties\.uri/);
      await bad(
        "w",
        { runbook, uri: "https://x.azure-automation.net/webhooks?token=abc" },
        /not made by generateUri/,
      );
      const uri = await makeWebhook("first");
      await bad("second", { runbook, uri }, /belongs to another webhook/);
      await emulator.arm("DELETE", `${account}/webhooks/first`);
      await bad("first", { runbook, uri }, /or to one that was deleted/);
    });

    it("needs a published runbook", async () => {
      await put("/runbooks/new", { runbookType: "PowerShell" });
      await bad("w", { runbook: { name: "new" }, uri: await generateUri() }, /'new' is not published/);
      await bad("w", { runbook: { name: "none" }, uri: await generateUri() }, /'none' was not found/);
    });
  });

  describe("assets", () => {
    it("refuse a variable whose value is not JSON text", async () => {
      const reply = await emulator.arm("PUT", `${account}/variables/v`, { properties: { value: "plain" } });
      assert.deepEqual([reply.status, /must be JSON text/.test(reply.text)], [400, true]);
    });

    it("never show an encrypted variable or a password, but give them to the runbook", async () => {
      const client = emulator.context.principals.deployer;
      await put("/variables/ADF-CredentialName", { value: JSON.stringify("adf-user"), isEncrypted: true });
      await put("/credentials/adf-user", { userName: client.clientId, password: client.secret });
      const shown = await emulator.arm("GET", `${account}/variables/ADF-CredentialName`);
      assert.equal(shown.json.properties.value, null);
      assert.equal(
        (await emulator.arm("GET", `${account}/credentials/adf-user`)).json.properties.password,
        undefined,
      );
      const job = await run(await makeWebhook("as-user"));
      assert.equal(job.status, "Completed", job.exception);
      await put("/credentials/adf-user", { userName: client.clientId, password: "wrong" });
      const failed = await run(await makeWebhook("as-wrong-user"));
      assert.match(failed.exception, /Signing in with credential 'adf-user' failed with status 401/);
      await setVariable("ADF-CredentialName", "");
    });
  });

  describe("a job", () => {
    it("fails and names a missing variable", async () => {
      await emulator.arm("DELETE", `${account}/variables/QT-Datasets`);
      const job = await run(await makeWebhook("no-variable"));
      assert.deepEqual(
        [job.status, job.exception],
        ["Failed", "Automation variable 'QT-Datasets' is missing. Deploy the stack again to restore it."],
      );
      await setVariable("QT-Datasets", JSON.stringify({ ids: ["d-1"], unknown: "ignore" }));
    });

    it("fails and names the missing permission", async () => {
      const assignments = emulator.context.resources.list({
        type: "Microsoft.Authorization/roleAssignments",
      });
      for (const { id } of assignments) await emulator.arm("DELETE", id);
      const job = await run(await makeWebhook("no-role"));
      assert.equal(job.status, "Failed");
      assert.match(
        job.exception,
        /queryPipelineRuns, failed with status 403: AuthorizationFailed: .*querypipelineruns\/action/,
      );
      for (const { id, properties } of assignments) await emulator.arm("PUT", id, { properties });
    });

    it("runs published content only if it is the checkout's, without PowerShell", async () => {
      await put("/runbooks/changed", { runbookType: "PowerShell" });
      await publish("changed", `${script}\n# changed`);
      const job = await run(await makeWebhook("changed", {}, "changed"));
      assert.equal(job.status, "Failed");
      assert.match(
        job.exception,
        /QT2001: Runbook changed cannot run here.*PowerShell \(pwsh\) is not installed/s,
      );
    });

    it("can be started without a webhook, with parameters as text, and shows output and streams", async () => {
      const name = randomUUID();
      const WebhookData = JSON.stringify({
        RequestBody: JSON.stringify({ ...event, name: "PipelineCompleted" }),
      });
      const properties = { runbook: { name: "load" }, parameters: { WebhookData } };
      const reply = await emulator.arm("PUT", `${account}/jobs/${name}`, { properties });
      assert.equal(reply.status, 201, reply.text);
      const { status } = await ended(reply.json.properties.jobId, name);
      assert.equal(status, "Completed");
      const streams = (await emulator.arm("GET", `${account}/jobs/${name}/streams`)).json.value;
      assert.match(streams.at(-1).properties.streamText, /Not supported event: PipelineCompleted/);
      const filter = encodeURIComponent("properties/status eq 'Completed'");
      const listed = (await emulator.arm("GET", `${account}/jobs?$filter=${filter}`)).json.value;
      assert.ok(listed.some((job: { name: string }) => job.name === name));
      assert.equal((await emulator.arm("GET", `${account}/jobs/${randomUUID()}`)).status, 404);
    });
  });
});
