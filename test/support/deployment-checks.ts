import assert from "node:assert/strict";
import { stackRequest } from "../../local/deploy-stack";
import type { Environment } from "../../local/environment";
import { readTenantStack } from "../../local/tenant-stack";
import { driftOf } from "./drift";
import { projectRoot, type TestEmulator } from "./emulator";

/** Nothing that depends on what Azure filled in may show, though azure-native's preview of an update forgets it. */
export async function previewsTagOnly({ running }: TestEmulator) {
  const { engine } = running;
  const { context } = running.azure;
  const tenant = readTenantStack(projectRoot, "dev", context);
  const tags = JSON.parse(tenant.config["quantemplate:tags"]?.value ?? "{}") as object;
  const config = {
    ...tenant.config,
    "quantemplate:tags": { value: JSON.stringify({ ...tags, owner: "another" }) },
  };
  const preview = await engine.preview(stackRequest({ ...tenant, config }));
  const tagged = context.resources.list().filter(({ tags }) => tags !== undefined);
  assert.ok(tagged.length > 10);
  const changed = preview.changes.map(({ name, type, operation }) => `${operation} ${type} ${name}`);
  assert.equal(preview.updates, tagged.length, changed.join("\n"));
  assert.deepEqual([preview.creates, preview.replaces, preview.deletes], [0, 0, 0], changed.join("\n"));
  assert.deepEqual(
    changed.filter((line) => !line.includes("azure-native:")),
    [],
    "no step runs",
  );
}

/** Changes in Azure what each step made; drift shows each, an `up` with a refresh makes it again, and then there is no drift. */
export async function mendsSteps({ running, environment }: TestEmulator) {
  const { engine } = running;
  const request = stackRequest(readTenantStack(projectRoot, "dev", running.azure.context));
  const { automation, dataFactory } = environment;
  const group = providersOf(environment);
  const call = caller(environment);
  const runbook = `Microsoft.Automation/automationAccounts/${automation.accountName}/runbooks/Start-QuantemplateLoad`;
  const site = `Microsoft.Web/sites/${environment.function.appName}`;
  const server = running.azure.context.resources.list({ type: "Microsoft.Sql/servers" })[0]?.name;
  await call("PUT", `${runbook}/draft/content?api-version=2023-11-01`, "exit", "text/powershell");
  await call("POST", `${runbook}/publish?api-version=2023-11-01`);
  const trigger = `Microsoft.DataFactory/factories/${dataFactory.factoryName}/triggers/QT_reconcile_daily`;
  await call("POST", `${trigger}/stop?api-version=2018-06-01`);
  await call("DELETE", `${site}/functions/fivetran/keys/fivetran?api-version=2024-04-01`);
  const rule = { properties: { startIpAddress: "203.0.113.7", endIpAddress: "203.0.113.7" } };
  const ruleId = `Microsoft.Sql/servers/${server}/firewallRules/deployment-0123abcd`;
  await call("PUT", `${ruleId}?api-version=2023-08-01`, JSON.stringify(rule));

  assert.deepEqual(await driftOf(engine, request), [
    "delete function-app-key",
    "update QT_reconcile_daily-started",
    "update Start-QuantemplateLoad-content",
    "update database-migration",
  ]);
  await engine.up(request, { refresh: true });
  const after = await engine.refreshPreview(request);
  assert.deepEqual([after.updates, after.deletes], [0, 0], JSON.stringify(after.changes));
  assert.equal(running.azure.context.resources.get(`${group}/${ruleId}`), undefined);
}

/** Quantemplate's calls find a webhook at every moment of a rotation. */
export async function rotatesWebhook({ running }: TestEmulator) {
  const { engine } = running;
  const { context } = running.azure;
  const tenant = readTenantStack(projectRoot, "dev", context);
  const expiry = new Date(Date.now() + 500 * 86_400_000).toISOString().slice(0, 10);
  const config = { ...tenant.config, "quantemplate:webhookExpiry": { value: expiry } };
  const names = () =>
    context.resources
      .list({ type: "Microsoft.Automation/automationAccounts/webhooks" })
      .map(({ name }) => name);
  const [old] = names();
  // Other resources change before the webhook, or do not.
  const seen = new Set([String(old)]);
  const stop = context.resources.subscribe(() => seen.add(names().join(" and ")));
  await engine.up(stackRequest({ ...tenant, config })).finally(stop);
  const [now] = names();
  assert.notEqual(now, old);
  // Other resources may change first, while there is only the old one.
  assert.deepEqual(
    [...seen].filter((webhooks) => webhooks !== old),
    [`${old} and ${now}`, now],
  );
}

/** As somebody in the portal would: a started trigger is stopped first and started again. */
export async function mendsTrigger({ running, environment }: TestEmulator) {
  const { engine } = running;
  const request = stackRequest(readTenantStack(projectRoot, "dev", running.azure.context));
  const { factoryName } = environment.dataFactory;
  const path = `Microsoft.DataFactory/factories/${factoryName}/triggers/QT_reconcile_daily`;
  const version = "?api-version=2018-06-01";
  const call = caller(environment);
  const { resources } = running.azure.context;
  const live = () => resources.get(`${providersOf(environment)}/${path}`)?.properties;
  const { runtimeState, ...deployed } = live() ?? {};
  assert.equal(runtimeState, "Started");
  const mended = async () => {
    await engine.up(request, { refresh: true });
    assert.deepEqual(live(), { ...deployed, runtimeState: "Started" });
    const after = await engine.refreshPreview(request);
    assert.deepEqual([after.updates, after.deletes], [0, 0], JSON.stringify(after.changes));
  };

  const edited = JSON.stringify({ properties: deployed }).replace(/"hours":\[\d+\]/, '"hours":[23]');
  await call("POST", `${path}/stop${version}`);
  await call("PUT", `${path}${version}`, edited);
  await call("POST", `${path}/start${version}`);
  assert.deepEqual(await driftOf(engine, request), [
    "update QT_reconcile_daily",
    "update QT_reconcile_daily-started",
    "update QT_reconcile_daily-stopped",
  ]);
  await mended();

  await call("POST", `${path}/stop${version}`);
  await call("DELETE", `${path}${version}`);
  await mended();
}

const providersOf = ({ subscriptionId, resourceGroup }: Environment) =>
  `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers`;

/** Calls Resource Manager as the deployer. */
function caller({ arm, ...environment }: Environment) {
  return async (method: string, path: string, body?: string, type = "application/json") => {
    const response = await fetch(`${arm.endpoint}${providersOf({ arm, ...environment })}/${path}`, {
      method,
      headers: { authorization: `Bearer ${arm.token}`, "content-type": type },
      body: body ?? null,
    });
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.text()}`);
  };
}
