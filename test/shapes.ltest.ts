import assert from "node:assert/strict";
import { MovingTenant } from "./support/moving-tenant";

describe("A tenant that moves, with events and syncs all the time", () => {
  let tenant: MovingTenant;
  beforeEach(async () => {
    tenant = await MovingTenant.start();
    await tenant.connect({}, await tenant.up({}));
  });
  afterEach(() => tenant?.close());

  it("from public to private and back, with both ways in between, loses nothing and sends nothing twice", async () => {
    const { existing, runners } = await network();
    await tenant.deployFrom(runners);
    const both = { existing, network: { mode: "private", keepPublic: true } };
    for (const [settings, access] of [
      [both, "Enabled"],
      [{ existing, network: { mode: "private" } }, "Disabled"],
      [both, "Enabled"],
      [{}, "Enabled"],
    ] as const) {
      assert.deepEqual(lost(await tenant.moves(settings)), [], JSON.stringify(settings));
      assert.deepEqual(publicAccess(), [access, access, access, access]);
      assert.deepEqual((await tenant.preview(settings)).changes, []);
    }
    await tenant.requireWhole();
    tenant.requireOnce();
  });

  it("from public to private at once and back ends whole, once what was missed is reconciled", async () => {
    const { existing, runners } = await network();
    await tenant.deployFrom(runners);
    for (const settings of [{ existing, network: "private" }, {}]) {
      await tenant.moves(settings);
      await tenant.reconcile();
      await tenant.sync();
      await tenant.requireWhole();
    }
  });

  /** Without syncs that failed while the app restarted: Fivetran calls again by itself. */
  const lost = (faults: readonly string[]) => faults.filter((fault) => !fault.startsWith("sync:"));

  const publicAccess = () =>
    ["Sql/servers", "KeyVault/vaults", "Storage/storageAccounts", "DataFactory/factories"].map((type) => {
      const all = tenant.emulator.azure.context.resources.list({ type: `Microsoft.${type}` });
      const own = all.find(({ id }) => !id.startsWith(tenant.platform.group));
      return own?.properties.publicNetworkAccess;
    });

  /** A network of the platform's, and in it a subnet from which deployments run. */
  async function network() {
    const { platform } = tenant;
    const id = `${platform.group}/providers/Microsoft.Network/virtualNetworks/vnet-platform`;
    const flex = [{ name: "flex", properties: { serviceName: "Microsoft.App/environments" } }];
    const subnet = (name: string, third: number, delegations: object[] = []) => ({
      name,
      properties: { addressPrefix: `10.90.${third}.0/24`, delegations },
    });
    await platform.put(id, {
      location: "westeurope",
      properties: {
        addressSpace: { addressPrefixes: ["10.90.0.0/16"] },
        subnets: [subnet("function", 0, flex), subnet("endpoints", 1), subnet("runners", 2)],
      },
    });
    const of = (name: string) => `${id}/subnets/${name}`;
    const existing = { functionSubnet: of("function"), endpointsSubnet: of("endpoints") };
    return { existing, runners: of("runners") };
  }
});
