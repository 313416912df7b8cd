import assert from "node:assert/strict";
import { landSample } from "../local/commands/demo";
import { sync } from "../local/commands/emulator-client";
import type { Environment } from "../local/environment";
import { keyless } from "./support/emulator";
import { makeZones } from "./support/platform-network";
import { type PrivateTenant, privateTenant } from "./support/private-tenant";

/** In a network that was there before, with a subnet in which deployments run. */
describe("A tenant with network: private", () => {
  let tenant: PrivateTenant;
  let refused: string;
  let acme: Environment;

  before(async () => {
    tenant = await privateTenant(({ subnets, zones }) => ({ ...subnets, privateDnsZones: zones }));
    await makeZones(tenant.put, tenant.platform.zones, tenant.platform.network);
    refused = await tenant.refusalOf(tenant.outside);
    acme = await tenant.up(tenant.inside);
  });

  after(() => tenant?.close());

  const resources = () => tenant.emulator.azure.context.resources;
  const one = (type: string) => {
    const [found, ...others] = resources().list({ type });
    assert.ok(found !== undefined && others.length === 0, type);
    return found;
  };

  it("says from where its database is migrated, and goes on from there", () => {
    assert.match(refused, /QT1267/);
    assert.match(refused, /self-hosted runner/);
  });

  it("closes database, vault, storage and factory to the public", () => {
    for (const type of [
      "Microsoft.Sql/servers",
      "Microsoft.KeyVault/vaults",
      "Microsoft.Storage/storageAccounts",
      "Microsoft.DataFactory/factories",
    ])
      assert.equal(one(type).properties.publicNetworkAccess, "Disabled", type);
    assert.deepEqual(resources().list({ type: "Microsoft.Sql/servers/firewallRules" }), []);
  });

  it("lands an event and syncs it, through the endpoints alone", async () => {
    const landed = await landSample(acme, keyless, 40, 0);
    assert.equal(landed.load.status, "published");
    assert.equal((await sync(acme)).inserts, 40);
  });

  it("previews as unchanged", async () => {
    assert.deepEqual((await tenant.inside.preview(tenant.request())).changes, []);
  });
});
