import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { needsPulumi } from "../../kit/testing/skip";
import { temporaryFolder } from "../../kit/testing/temporary-folder";
import { startTestEmulator, type TestEmulator, testType } from "../control-plane/testing/test-emulator";
import { createEngine } from ".";
import { toyProject } from "./testing/toy-engine";

class Network extends pulumi.CustomResource {}

const unserved = testType("Microsoft.Test/networks", {
  tokens: { "azure-native:test:Network": "Microsoft.Test/networks/{networkName}" },
  runs: "nowhere",
});

for (const kind of ["engine", "in-process"] as const) {
  describe(`engine: a type that no service runs (${kind})`, () => {
    const folder = temporaryFolder();
    let emulator: TestEmulator;

    before(async function () {
      if (kind === "engine") needsPulumi(this);
      emulator = await startTestEmulator(() => [], undefined, [unserved]);
    });
    after(() => emulator?.stop());

    it("fails in the preview as in the deployment", async () => {
      const { context, controlPlane } = emulator;
      const engine = await createEngine({
        project: toyProject,
        folder: folder(),
        controlPlane,
        context,
        pulumi: kind,
      });
      const program = async () => {
        const inputs = { resourceGroupName: "rg", networkName: "net" };
        new Network("azure-native:test:Network", "network", inputs);
      };
      const request = { name: "dev", config: {}, program };
      const message =
        /QT6001: .* resources of type Microsoft\.Test\/networks \(resource \/\S+\/networks\/net\)/;
      await assert.rejects(engine.preview(request), message);
      await assert.rejects(engine.up(request), message);
    });
  });
}
