import assert from "node:assert/strict";
import { landSample } from "../local/commands/demo";
import { query, sync } from "../local/commands/emulator-client";
import { stackRequest } from "../local/deploy-stack";
import type { Environment } from "../local/environment";
import { runChanges } from "../local/fleet/run-changes";
import { readTenantStack } from "../local/tenant-stack";
import { keyless } from "./support/emulator";
import { type SharedFleet, sharedFleet } from "./support/shared-fleet";

/** Tenants that make nothing but what must be their own. */
describe("Two tenants that bring everything", () => {
  let fleet: SharedFleet;
  let asBrought: string;
  let acme: Environment;
  let beta: Environment;

  before(async () => {
    fleet = await sharedFleet(["acme", "beta"]);
    asBrought = brought();
    assert.deepEqual(await fleet.work("up"), []);
    [acme, beta] = [await fleet.environment("acme"), await fleet.environment("beta")];
  });

  after(() => fleet?.close());

  const resources = () => fleet.emulator.azure.context.resources;
  const request = (tenant: string) =>
    stackRequest(readTenantStack(fleet.root, tenant, fleet.emulator.azure.context));

  /** The platform's resources and the group of the tenants, as they are, without what the tenants have in them. */
  function brought(): string {
    const ids = new Set(
      [...Object.values(fleet.platform.existing), `${fleet.platform.group}/../rg-tenants`].map((id) =>
        String(id),
      ),
    );
    const kept = resources()
      .list()
      .filter(
        ({ id }) =>
          ids.has(id) || /firewallRules|\/administrators|azureADOnly|resourceGroups\/[^/]+$/.test(id),
      )
      .filter(({ id }) => id.startsWith(fleet.platform.group) || id.endsWith("/rg-tenants"));
    return JSON.stringify(kept);
  }

  const namesOf = (type: string) =>
    resources()
      .list({ type })
      .map(({ id }) => id.slice(id.lastIndexOf("/") + 1))
      .sort();

  it("make no account, server, vault, workspace, identity, role or group of their own", () => {
    for (const [type, name] of [
      ["Microsoft.Automation/automationAccounts", "aa-platform"],
      ["Microsoft.Sql/servers", "sql-platform"],
      ["Microsoft.KeyVault/vaults", "kv-platform"],
      ["Microsoft.OperationalInsights/workspaces", "log-platform"],
      ["Microsoft.ManagedIdentity/userAssignedIdentities", "id-platform"],
    ] as const)
      assert.deepEqual(namesOf(type), [name]);
    assert.deepEqual(namesOf("Microsoft.Resources/resourceGroups"), ["rg-platform", "rg-tenants"]);
    assert.equal(namesOf("Microsoft.Authorization/roleDefinitions").length, 1);
  });

  it("each have a runbook, a webhook, variables, a database and a secret in them", () => {
    for (const [type, name] of [
      [
        "Microsoft.Automation/automationAccounts/runbooks",
        /^Start-QuantemplateLoad-(acme|beta)-westeurope-\w{6}$/,
      ],
      ["Microsoft.Sql/servers/databases", /^sqldb-qt-(acme|beta)-westeurope-\w{6}$/],
      ["Microsoft.KeyVault/vaults/secrets", /^quantemplate-client-secret-(acme|beta)-westeurope-\w{6}$/],
    ] as const) {
      const names = namesOf(type);
      assert.deepEqual(
        names.map((found) => name.exec(found)?.[1]),
        ["acme", "beta"],
        names.join(),
      );
    }
    assert.equal(namesOf("Microsoft.Automation/automationAccounts/webhooks").length, 2);
    const variables = namesOf("Microsoft.Automation/automationAccounts/variables");
    assert.equal(variables.length, 14);
    for (const name of variables) assert.match(name, /^qt-(acme|beta)-westeurope-\w{6}-(ADF|QT)-\w+$/);
  });

  it("land each its own event in its own database, through one account", async () => {
    const landed = await landSample(acme, keyless, 40, 0);
    assert.equal(landed.load.status, "published");
    assert.equal((await sync(acme)).inserts, 40);
    assert.deepEqual(await query(beta, 'select 1 as found from qt."load"'), []);
    const other = await landSample(beta, keyless, 30, 0);
    assert.equal(other.load.inserted, 30);
    assert.equal((await sync(beta)).inserts, 30);
    assert.equal((await sync(acme)).inserts, 0);
  });

  it("preview as unchanged, and show no drift", async () => {
    for (const tenant of ["acme", "beta"]) {
      const preview = await fleet.emulator.engine.preview(request(tenant));
      assert.deepEqual(preview.changes, []);
      const events: object[] = [];
      await fleet.emulator.engine.refreshPreview(request(tenant), { onEvent: (event) => events.push(event) });
      assert.deepEqual(runChanges(tenant, events).steps, []);
    }
  });

  it("leave what they brought as it was when they go", async () => {
    assert.equal(brought(), asBrought);
    assert.deepEqual(await fleet.work("destroy"), []);
    assert.equal(brought(), asBrought);
    for (const type of ["runbooks", "webhooks", "variables"])
      assert.deepEqual(namesOf(`Microsoft.Automation/automationAccounts/${type}`), [], type);
    assert.deepEqual(namesOf("Microsoft.Sql/servers/databases"), []);
  });
});
