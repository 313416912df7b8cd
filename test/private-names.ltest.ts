import assert from "node:assert/strict";
import type { Reached } from "../infra/network/reached";
import { landSample } from "../local/commands/demo";
import { sync } from "../local/commands/emulator-client";
import type { Environment } from "../local/environment";
import { runChanges } from "../local/fleet/run-changes";
import type { EngineProgress } from "../packages/azure-emulator/engine";
import { keyless } from "./support/emulator";
import { linkZone, makeZones } from "./support/platform-network";
import { type PrivateTenant, privateTenant } from "./support/private-tenant";

const ZONES = "Microsoft.Network/privateDnsZones";
const ENDPOINTS = "Microsoft.Network/privateEndpoints";

describe("A private tenant's names", () => {
  let tenant: PrivateTenant;
  afterEach(() => tenant?.close());

  const list = (type: string) => tenant.emulator.azure.context.resources.list({ type });

  /** An event goes through to Fivetran's page, and nothing is left to do. */
  async function runs(acme: Environment): Promise<void> {
    assert.equal((await landSample(acme, keyless, 40, 0)).load.status, "published");
    assert.equal((await sync(acme)).inserts, 40);
    assert.deepEqual((await tenant.inside.preview(tenant.request())).changes, []);
    const events: object[] = [];
    await tenant.inside.refreshPreview(tenant.request(), { onEvent: (event) => events.push(event) });
    assert.deepEqual(
      runChanges("acme", events).steps.map(({ name }) => name),
      [],
    );
  }

  /** The zones of the platform; linked with its network, if told so. */
  const makePlatformZones = (isLinked: boolean) =>
    makeZones(tenant.put, tenant.platform.zones, isLinked ? tenant.platform.network : undefined);

  const isEndpoint = ({ type }: { readonly type: string }) => type === "azure-native:network:PrivateEndpoint";

  /** What the policy's deployment does for the endpoint of a service. */
  async function writeNames(service: Reached): Promise<void> {
    const endpoint = list(ENDPOINTS).find(({ id }) => id.endsWith(`-${service}`));
    const zone = { name: service, properties: { privateDnsZoneId: tenant.platform.zones[service] } };
    await tenant.put(`${endpoint?.id}/privateDnsZoneGroups/deployedByPolicy`, {
      properties: { privateDnsZoneConfigs: [zone] },
    });
  }

  it("are in given zones, once these exist and are linked", async () => {
    tenant = await privateTenant(({ subnets, zones }) => ({ ...subnets, privateDnsZones: zones }));
    const before = list("Microsoft.Resources/resourceGroups").length;
    assert.match(await tenant.refusalOf(tenant.inside), /QT1260.*privateDnsZones\.sql/s);
    await makePlatformZones(false);
    assert.match(await tenant.refusalOf(tenant.inside), /QT1263.*is not linked with the network/s);
    assert.equal(list("Microsoft.Resources/resourceGroups").length, before);
    await makePlatformZones(true);
    await runs(await tenant.up(tenant.inside));
    assert.equal(list(ZONES).length, 3);
    await tenant.inside.destroy(tenant.request());
    assert.equal(list(ZONES).length, 3);
    assert.deepEqual(list(`${ZONES}/A`), []);
  });

  /** The emulator applies no deployIfNotExists: what the policy's deployment does, once it runs, is done here. */
  it("are written by a landing zone's policy after the endpoints are made", async () => {
    tenant = await privateTenant(({ subnets }) => ({
      ...subnets,
      privateDnsZones: { managedByPolicy: true },
    }));
    await makePlatformZones(true);
    const written: Promise<void>[] = [];
    const onProgress = (event: EngineProgress) => {
      if (event.kind !== "resource" || event.status !== "succeeded" || !isEndpoint(event)) return;
      written.push(writeNames(event.name.replace("network-", "") as Reached));
    };
    const acme = await tenant.up(tenant.inside, { onProgress });
    assert.equal((await Promise.all(written)).length, 3);
    await runs(acme);
    assert.equal(list(ZONES).length, 3);
  });

  it("are its own, for the runner too, once its network is peered with the runner's", async () => {
    tenant = await privateTenant();
    assert.match(await tenant.refusalOf(tenant.inside), /QT1267/);
    const { network: runners, group } = tenant.platform;
    const networks = list("Microsoft.Network/virtualNetworks");
    const own = networks.find(({ id }) => id !== runners);
    assert.ok(own);
    for (const [from, to] of [
      [own.id, runners],
      [runners, own.id],
    ] as const) {
      const { location, properties } = networks.find(({ id }) => id === from) ?? own;
      const peering = { name: "peer", properties: { remoteVirtualNetwork: { id: to } } };
      await tenant.put(from, {
        location,
        tags: from === own.id ? own.tags : {},
        properties: { ...properties, virtualNetworkPeerings: [peering] },
      });
    }
    const zones = list(ZONES).filter(({ id }) => !id.startsWith(group));
    assert.equal(zones.length, 3);
    for (const { id } of zones) await linkZone(tenant.put, id, "runners", runners);
    // Somebody's peering is no drift.
    await runs(await tenant.up(tenant.inside));
    // A zone with somebody's link stays, and so does what it is in.
    for (const { id } of zones) await tenant.remove(`${id}/virtualNetworkLinks/runners`);
    await tenant.inside.destroy(tenant.request());
    assert.deepEqual(
      list("Microsoft.Network/virtualNetworks").map(({ id }) => id),
      [runners],
    );
  });
});
