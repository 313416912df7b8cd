import assert from "node:assert/strict";
import { putJson } from "../local/commands/emulator-client";
import { stackRequest } from "../local/deploy-stack";
import { readTenantStack } from "../local/tenant-stack";
import {
  datasetUpdated,
  deployedEmulator,
  jobEnd,
  keyless,
  land,
  postEvent,
  projectRoot,
  type TestEmulator,
} from "./support/emulator";

/** What one call came to: nothing, or what went wrong. */
type Call = () => Promise<string | undefined>;

/** Calls all the time, one call after the other, while the work is under way, and at least once before and after it. */
async function meanwhile<T>(call: Call, work: () => Promise<T>): Promise<T> {
  const failed: string[] = [];
  let calls = 0;
  const once = async () => {
    calls++;
    const fault = await call();
    if (fault !== undefined) failed.push(`call ${calls}: ${fault}`);
  };
  await once();
  const state = { isOver: false };
  const sending = (async () => {
    while (!state.isOver) await once();
  })();
  const result = await work().finally(() => {
    state.isOver = true;
  });
  await sending;
  await once();
  assert.deepEqual(failed, []);
  assert.ok(calls >= 3, `only ${calls} calls`);
  return result;
}

const FAR = "2099-01-01";
const PAST = "2020-01-01";

describe("Rotation loses nothing", () => {
  let local: TestEmulator;
  before(async () => {
    local = await deployedEmulator();
  });
  after(() => local?.close());

  /** Deploys with these settings in addition, and returns the outputs. */
  async function up(settings: Readonly<Record<string, unknown>>, secret?: string) {
    const tenant = readTenantStack(projectRoot, "dev", local.running.azure.context);
    const more = Object.entries(settings).map(([name, value]) => [
      `quantemplate:${name}`,
      { value: typeof value === "string" ? value : JSON.stringify(value) },
    ]);
    const config = {
      ...tenant.config,
      ...Object.fromEntries(more),
      ...(secret !== undefined && { "quantemplate:clientSecret": { value: secret, secret: true } }),
    };
    const { outputs } = await local.running.engine.up(stackRequest({ ...tenant, config }));
    return (name: string) => String(outputs[name]?.value);
  }

  // First: the local Quantemplate still has the address that was deployed.
  it("of loads, when the API client gets another secret, and when another client takes its place", async () => {
    const { adminUrl, clientId, clientSecret: before } = local.environment.quantemplate;
    const next = "another-secret-of-the-api-client";
    let generation = 0;
    const load = async () => {
      const { load, error } = await land(local.environment, keyless, generation++, 20);
      return load.status === "published" ? undefined : `load ${load.status}: ${error}`;
    };
    // Quantemplate takes both while the deployment is under way.
    const former = { clientId, clientSecret: before };
    await putJson(adminUrl, { clientId, clientSecret: next, former });
    await meanwhile(load, () => up({}, next));
    await meanwhile(load, () => putJson(adminUrl, { clientId, clientSecret: next }));
    // Another client: its id changes together with its secret.
    const other = { clientId: "another-api-client", clientSecret: "secret-of-the-other-client" };
    await putJson(adminUrl, { ...other, former: { clientId, clientSecret: next } });
    await meanwhile(load, () => up({ clientId: other.clientId }, other.clientSecret));
    await meanwhile(load, () => putJson(adminUrl, other));
  });

  it("of events, when the webhook gets another address", async () => {
    // It completes its job and starts no run.
    const body = JSON.stringify({ ...datasetUpdated(keyless), name: "PipelineCompleted" });
    const send = (url: string) => async () => {
      const response = await postEvent(url.replace(/^https:/, "http:"), body);
      if (response.status !== 202) return `answered ${response.status}`;
      const { JobIds: jobIds } = (await response.json()) as { JobIds: string[] };
      const end = await jobEnd(local.environment, { delivered: [{ status: 202, jobIds }] });
      return end.status === "succeeded" ? undefined : `job ${end.status}: ${end.error}`;
    };
    const before = local.environment.automation.webhookUrl;
    const webhook = { generation: 2, keepUntil: FAR };
    const output = await meanwhile(send(before), () => up({ rotation: { webhook } }));
    const next = output("webhookUrl");
    assert.notEqual(new URL(next).searchParams.get("token"), new URL(before).searchParams.get("token"));
    // Quantemplate changes to the new address at any moment in between, and so do its calls.
    await meanwhile(send(before), async () => assert.equal(await send(next)(), undefined));
    // Another expiry, which makes another address, leaves the one before alone.
    await meanwhile(send(before), () => up({ rotation: { webhook }, webhookExpiry: "2035-12-31" }));
    await up({ rotation: { webhook } }).then(async (again) => {
      const renewed = again("webhookUrl");
      await meanwhile(send(renewed), () => up({ rotation: { webhook: { ...webhook, keepUntil: PAST } } }));
    });
    assert.match((await send(before)()) ?? "", /answered 4/, "the former address is retired");
  });

  it("of Fivetran's calls, when the function gets another key", async () => {
    const { url, key: before } = local.environment.function;
    const call = (key: string) => async () => {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", "x-functions-key": key },
        body: JSON.stringify({ agent: "test", state: {}, secrets: {}, setup_test: true }),
      });
      await response.text();
      return response.status === 200 ? undefined : `answered ${response.status}`;
    };
    const functionKey = { generation: 2, keepUntil: FAR };
    const output = await meanwhile(call(before), () => up({ rotation: { functionKey } }));
    const next = output("functionKey");
    assert.notEqual(next, before);
    await meanwhile(call(next), () => up({ rotation: { functionKey: { ...functionKey, keepUntil: PAST } } }));
    assert.equal(await call(before)(), "answered 401");
  });
});
