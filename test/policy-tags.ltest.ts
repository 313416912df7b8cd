import assert from "node:assert/strict";
import { join } from "node:path";
import { stackRequest } from "../local/deploy-stack";
import { readTenantStack } from "../local/tenant-stack";
import { driftOf } from "./support/drift";
import { deployedEmulator, projectRoot, type TestEmulator } from "./support/emulator";

/** Adds a cost centre to each resource that has none. */
const policy = join(__dirname, "fixtures/policies/add-cost-centre.json");

for (const pulumi of ["auto", "in-process"] as const) {
  describe(`Tags that a policy sets (${pulumi})`, () => {
    let local: TestEmulator;
    before(async () => {
      local = await deployedEmulator(pulumi, undefined, policy);
    });
    after(() => local?.close());

    /** The tenant's stack with these settings in addition. */
    const stack = (settings: Readonly<Record<string, unknown>> = {}) => {
      const tenant = readTenantStack(projectRoot, "dev", local.running.azure.context);
      const more = Object.entries(settings).map(([name, value]) => [
        `quantemplate:${name}`,
        { value: JSON.stringify(value) },
      ]);
      return stackRequest({ ...tenant, config: { ...tenant.config, ...Object.fromEntries(more) } });
    };
    const named = { policyTags: ["costCentre", "Cost owner (IT)"] };
    const resources = () => local.running.azure.context.resources;
    const server = () => resources().list({ type: "Microsoft.Sql/servers" })[0] ?? assert.fail();
    const setTags = (tags: Readonly<Record<string, string>>) =>
      resources().set({ ...server(), tags: { ...server().tags, ...tags } });
    const drift = () => driftOf(local.running.engine, stack());

    it("in the request are no drift", async () => {
      assert.equal(server().tags?.costCentre, "CC-1");
      assert.deepEqual(await drift(), []);
    });

    it("later are no drift once they are named, and others are", async () => {
      await setTags({ costCentre: "CC-2", "Cost owner (IT)": "me" });
      assert.deepEqual(await drift(), ["update sql"]);
      await setTags({ costCentre: "CC-1" });
      await local.running.engine.up(stack(named));
      await setTags({ costCentre: "CC-2", "Cost owner (IT)": "me" });
      assert.deepEqual(await drift(), []);
      await setTags({ foreign: "by hand" });
      assert.deepEqual(await drift(), ["update sql"]);
    });

    it("stay when a deployment changes the others", async () => {
      const tags = { environment: "dev", owner: "data team" };
      await local.running.engine.up(stack({ ...named, tags }), { refresh: true });
      const kept = { costCentre: "CC-2", "Cost owner (IT)": "me" };
      assert.deepEqual(server().tags, { ...tags, ...kept, project: "quantemplate", tenant: "dev" });
      // The next one needs no refresh: the state knows them.
      await local.running.engine.up(stack(named));
      assert.deepEqual(server().tags, {
        environment: "dev",
        ...kept,
        project: "quantemplate",
        tenant: "dev",
      });
      assert.deepEqual(await drift(), []);
    });
  });
}
