import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { perform } from "../commands/load/administer";
import { runPipeline } from "../commands/load/load";
import { cloudTargetOf } from "../commands/load/load-target";
import { startWithEngine, tearDown } from "../local/commands/bring-up";
import { loadOutcome } from "../local/commands/demo";
import { stackRequest } from "../local/deploy-stack";
import { readTenantStack } from "../local/tenant-stack";
import { needsPulumi } from "../packages/kit/testing/skip";
import { mendsSteps, previewsTagOnly, rotatesWebhook } from "./support/deployment-checks";
import { driftOf } from "./support/drift";
import { deployedEmulator, keyed, keyless, projectRoot, type TestEmulator } from "./support/emulator";

/** With a Pulumi CLI, the first suite deploys into this folder and the last one destroys it. */
const folder = mkdtempSync(join(tmpdir(), "qt-pulumi-"));
let isDeployed = false;

describe("Deployed with the Pulumi engine", () => {
  let local: TestEmulator;
  before(async function () {
    needsPulumi(this);
    local = await deployedEmulator("engine", folder);
    isDeployed = true;
  });
  after(() => local?.close());

  const stack = () => {
    const { context } = local.running.azure;
    const tenant = readTenantStack(projectRoot, "dev", context);
    return { tenant, engine: local.running.engine };
  };

  it("a second preview is empty", async () => {
    const { tenant, engine } = stack();
    const preview = await engine.preview(stackRequest(tenant));
    assert.deepEqual(
      [preview.creates, preview.updates, preview.replaces, preview.deletes],
      [0, 0, 0, 0],
      JSON.stringify(preview.changes),
    );
  });

  it("another dataset in the tenant's configuration previews as its two changes", async () => {
    const { tenant, engine } = stack();
    const datasets = JSON.parse(tenant.config["quantemplate:datasets"]?.value ?? "[]") as unknown[];
    const more = [...datasets, { id: "d-more", table: "more", keyColumns: ["Id"] }];
    const config = { ...tenant.config, "quantemplate:datasets": { value: JSON.stringify(more) } };
    const preview = await engine.preview(stackRequest({ ...tenant, config }));
    const changed = preview.changes.map(({ name, operation }) => `${operation} ${name}`).sort();
    assert.deepEqual(
      [preview.creates, preview.replaces, preview.deletes],
      [0, 0, 0],
      `only updates were expected: ${changed.join(", ")}`,
    );
    // The datasets that the runbook may start and that the database knows; the alert on missing loads counts datasets too.
    assert.ok(changed.length >= 2 && changed.length <= 3, changed.join(", "));
    assert.ok(
      changed.some((line) => /QT-Datasets/i.test(line)),
      changed.join(", "),
    );
    assert.ok(
      changed.some((line) => /migration|database/i.test(line)),
      changed.join(", "),
    );
  });

  it("a changed tag previews as the updates of the tagged resources", () => previewsTagOnly(local));

  it("another administrator in the tenant's file changes in place, and nothing else does", async () => {
    const { tenant, engine } = stack();
    const admin = { login: "Database administrators", objectId: "00000000-0000-0000-0000-00000000ad31" };
    const config = { ...tenant.config, "quantemplate:sqlAdmin": { value: JSON.stringify(admin) } };
    const preview = await engine.preview(stackRequest({ ...tenant, config }));
    const changed = preview.changes.map(({ name, operation }) => `${operation} ${name}`);
    assert.deepEqual(changed, ["update sql-administrator"]);
    await engine.up(stackRequest({ ...tenant, config }));
    const { resources } = local.running.azure.context;
    const administrator = () => resources.list({ type: "Microsoft.Sql/servers/administrators" })[0];
    assert.equal(administrator()?.properties.sid, admin.objectId);
    // The state's block is the creation's; the server has what the step put.
    const [server] = resources.list({ type: "Microsoft.Sql/servers" });
    assert.equal(Reflect.get(Object(server?.properties.administrators), "sid"), admin.objectId);
    await engine.up(stackRequest(tenant));
    assert.equal(administrator()?.properties.sid, local.running.azure.context.principals.deployer.objectId);
  });

  it("a refresh finds what was changed by hand", async () => {
    const { tenant, engine } = stack();
    const { resources } = local.running.azure.context;
    const [plan] = resources.list({ type: "Microsoft.Automation/automationAccounts/variables" });
    assert.ok(plan !== undefined);
    await resources.set({ ...plan, properties: { ...plan.properties, value: '"by hand"' } });
    const drift = await driftOf(engine, stackRequest(tenant));
    await resources.set(plan);
    assert.deepEqual(drift, [`update ${plan.name}`]);
  });

  it("the configuration that Azure fills in of the app is no drift", async () => {
    const { tenant, engine } = stack();
    const raw = await engine.refreshPreview(stackRequest(tenant));
    assert.deepEqual(
      raw.changes.map(({ name }) => name),
      ["function-app"],
    );
    assert.deepEqual(await driftOf(engine, stackRequest(tenant)), []);
  });

  it("a refresh finds what was changed by hand behind the steps, and up puts it back", () =>
    mendsSteps(local));

  it("the exported state holds no secret in plain text", async () => {
    const { tenant, engine } = stack();
    const state = JSON.stringify(await engine.exportState(stackRequest(tenant)));
    const { environment } = local;
    const secrets: Record<string, string> = {
      "Quantemplate client secret": environment.quantemplate.clientSecret,
      "function key": environment.function.key,
      "webhook token": new URL(environment.automation.webhookUrl).searchParams.get("token") ?? "",
      "deployer secret": local.running.azure.context.principals.deployer.secret,
    };
    for (const [what, secret] of Object.entries(secrets)) {
      assert.ok(secret.length >= 8, what);
      assert.ok(!state.includes(secret), `${what} is in the state`);
      assert.ok(!state.includes(encodeURIComponent(secret)), `${what} is URL-encoded in the state`);
      assert.ok(
        !state.includes(Buffer.from(secret).toString("base64")),
        `${what} is base64-encoded in the state`,
      );
    }
  });

  it("npm run load --cloud starts the pipeline and reaches the database with the stack's outputs, signed in as the deployer", async () => {
    const { context } = local.running.azure;
    const { outputs } = local.running.deployment.result;
    const { tenantId, deployer } = { tenantId: context.tenantId, deployer: context.principals.deployer };
    const target = cloudTargetOf(
      "dev",
      {
        dataFactoryId: String(outputs.dataFactoryId?.value),
        pipelineName: String(outputs.pipelineName?.value),
        sqlServer: String(outputs.sqlServer?.value),
        sqlDatabase: String(outputs.sqlDatabase?.value),
      },
      {
        ARM_METADATA_HOSTNAME: new URL(context.httpsUrl).host,
        ARM_TENANT_ID: tenantId,
        ARM_CLIENT_ID: deployer.clientId,
        ARM_CLIENT_SECRET: deployer.secret,
      },
    );
    assert.deepEqual(
      target.datasets.map(({ id }) => id),
      [keyed, keyless],
    );
    const key = new Map([
      ["Policy Reference", "nobody"],
      ["Line Number", "1"],
    ]);
    // Over TDS, as the server's administrator, to whom the firewall opens.
    const { values } = await perform(target, { kind: "erase", dataset: keyed, key });
    assert.deepEqual([values.rowsErased, values.wasErased], [0, false]);
    const lifted = await perform(target, { kind: "lift", dataset: keyed, key });
    assert.deepEqual(lifted.values, { dataset: keyed, lifted: true });
    await assert.rejects(perform(target, { kind: "erase", dataset: keyless, key }), { code: "QT4037" });
    const runId = await runPipeline(target, keyless, {}, () => {});
    const outcome = await loadOutcome(local.environment, keyless);
    assert.equal(outcome.status, "published");
    assert.deepEqual(await target.outcome(keyless, runId), outcome, "from the run's log");
    await assert.rejects(
      runPipeline(target, "d-nobody", {}, () => {}),
      { code: "QT9006" },
    );
  });

  it("another expiry makes the new webhook before the old one goes", () => rotatesWebhook(local));

  it("the in-process path gives the same resources", async () => {
    const other = await deployedEmulator("in-process");
    try {
      // Suffixes and ids are random, so only types and the names of properties are compared.
      const shape = ({ running }: TestEmulator) =>
        running.azure.context.resources
          .list()
          // Azure makes a function's default key when somebody lists its keys.
          .filter(({ type, name }) => type !== "Microsoft.Web/sites/functions/keys" || name !== "default")
          .map(({ type, properties }) => `${type} ${Object.keys(properties).sort().join(",")}`)
          .sort();
      assert.deepEqual(shape(other), shape(local));
    } finally {
      await other.close();
    }
  });
});

describe("down", () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("destroys everything and leaves nothing", async () => {
    if (!isDeployed) await (await deployedEmulator("auto", folder)).close();
    const options = { folder, stack: "dev", pulumi: "auto" as const };
    const { azure, engine } = await startWithEngine({ folder, pulumi: "auto" });
    assert.ok(azure.context.resources.list().length > 20);
    await engine.destroy(stackRequest(readTenantStack(projectRoot, "dev", azure.context)));
    assert.deepEqual(
      azure.context.resources.list().map(({ id }) => id),
      [],
    );
    await azure.stop();
    await tearDown(options);
    assert.ok(!existsSync(folder));
  });
});
