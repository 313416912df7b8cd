import assert from "node:assert/strict";
import { landSample } from "../local/commands/demo";
import { sync } from "../local/commands/emulator-client";
import { stackRequest } from "../local/deploy-stack";
import { readTenantStack } from "../local/tenant-stack";
import { keyless } from "./support/emulator";
import { type SharedFleet, sharedFleet } from "./support/shared-fleet";

const DATABASES = "Microsoft.Sql/servers/databases";

/** The pool names its server: nothing else is brought. */
describe("Two tenants with one elastic pool", () => {
  let fleet: SharedFleet;
  let poolId: string;

  before(async () => {
    fleet = await sharedFleet(["acme", "beta"], ({ elasticPool }) => ({ elasticPool }));
    poolId = String(fleet.platform.existing.elasticPool);
    assert.deepEqual(await fleet.work("up"), []);
  });

  after(() => fleet?.close());

  const resources = () => fleet.emulator.azure.context.resources;
  const databases = () => resources().list({ type: DATABASES });
  const request = (tenant: string) =>
    stackRequest(readTenantStack(fleet.root, tenant, fleet.emulator.azure.context));

  it("have each a database in it, without a size of its own, and no server", () => {
    assert.deepEqual(
      databases().map(({ sku, properties }) => [properties.elasticPoolId, sku]),
      Array.from({ length: 2 }, () => [poolId, { name: "ElasticPool", tier: "GeneralPurpose", capacity: 0 }]),
    );
    assert.equal(resources().list({ type: "Microsoft.Sql/servers" }).length, 1);
  });

  it("land an event, which Fivetran reads", async () => {
    for (const [tenant, rows] of [
      ["acme", 40],
      ["beta", 30],
    ] as const) {
      const environment = await fleet.environment(tenant);
      const landed = await landSample(environment, keyless, rows, 0);
      assert.equal(landed.load.status, "published");
      assert.equal((await sync(environment)).inserts, rows);
    }
  });

  it("preview as unchanged", async () => {
    for (const tenant of ["acme", "beta"])
      assert.deepEqual((await fleet.emulator.engine.preview(request(tenant))).changes, []);
  });

  it("are refused in the preview, and nothing is made, once the pool is full", async () => {
    const { put, existing } = fleet.platform;
    const most = 100;
    const own = databases().length;
    for (let index = own; index < most; index += 1)
      await put(`${existing.sqlServer}/databases/other-${index}`, {
        location: "westeurope",
        properties: { elasticPoolId: poolId },
      });
    // Those that are in it already stay.
    assert.deepEqual((await fleet.emulator.engine.preview(request("acme"))).changes, []);
    const before = resources().list().length;
    const newcomer = { ...request("acme"), name: "gamma" };
    await assert.rejects(
      fleet.emulator.engine.preview(newcomer),
      /QT1263.*has 100 databases, and its size takes 100/s,
    );
    assert.equal(resources().list().length, before);
  });

  it("leave the pool, and the other's database, when one goes", async () => {
    const { context, controlPlane } = fleet.emulator.azure;
    const pool = JSON.stringify(resources().get(poolId));
    await fleet.emulator.engine.destroy(request("acme"));
    const left = databases().filter(({ tags }) => tags?.project === "quantemplate");
    assert.deepEqual(
      left.map(({ tags }) => tags?.tenant),
      ["beta"],
    );
    assert.equal(JSON.stringify(resources().get(poolId)), pool);
    await assert.rejects(controlPlane.delete(poolId, context.principals.deployer), {
      code: "ElasticPoolNotEmpty",
    });
    assert.equal((await sync(await fleet.environment("beta"))).inserts, 0);
  });
});
