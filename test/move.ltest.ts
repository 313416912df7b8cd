import assert from "node:assert/strict";
import { stackRequest } from "../local/deploy-stack";
import { readTenantStack } from "../local/tenant-stack";
import { needsPulumi } from "../packages/kit/testing/skip";
import { deployedEmulator, projectRoot, type TestEmulator } from "./support/emulator";

for (const kind of ["engine", "in-process"] as const) {
  describe(`A tenant that moves, deployed by ${kind}`, () => {
    let local: TestEmulator;
    before(async function () {
      if (kind === "engine") needsPulumi(this);
      local = await deployedEmulator(kind);
    });
    after(() => local?.close());

    const up = (change: Readonly<Record<string, string>>) => {
      const { azure, engine } = local.running;
      const tenant = readTenantStack(projectRoot, "dev", azure.context);
      const changed = Object.entries(change).map(([key, value]) => [key, { value }]);
      return engine.up(
        stackRequest({ ...tenant, config: { ...tenant.config, ...Object.fromEntries(changed) } }),
      );
    };
    const ids = () => local.running.azure.context.resources.list().map(({ id }) => id);
    const groups = () =>
      local.running.azure.context.resources
        .list({ type: "Microsoft.Resources/resourceGroups" })
        .map(({ name }) => name);

    it("to another region under the same names is refused before anything is touched", async () => {
      const before = ids();
      await assert.rejects(up({ "azure-native:location": "northeurope" }), /QT1211/);
      assert.deepEqual(ids(), before);
    });

    it("to other names ends clean", async () => {
      const [before] = groups();
      await up({ "quantemplate:deploymentSalt": "two" });
      assert.equal(groups().length, 1);
      assert.notEqual(groups()[0], before);
    });

    it("to another region and other names ends clean", async () => {
      await up({ "quantemplate:deploymentSalt": "three", "azure-native:location": "northeurope" });
      assert.equal(groups().length, 1);
      assert.match(groups()[0] ?? "", /northeurope/);
    });
  });
}
