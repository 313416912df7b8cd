import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPulumiStack } from "../../commands/fleet/pulumi-stack";
import { StopRequest } from "../../commands/fleet/run";
import { createAutomationEngine } from "../../packages/azure-emulator/engine/automation-engine";
import { serveProvider } from "../../packages/azure-emulator/engine/provider-server";
import { openPulumi } from "../../packages/azure-emulator/engine/pulumi-cli";
import { openStackFolder } from "../../packages/azure-emulator/engine/stack-folder";
import { needsPulumi } from "../../packages/kit/testing/skip";
import { withEnvironment } from "../../packages/kit/testing/with-environment";
import { project, projectRoot } from "../places";
import { dryRunProviders } from "./dry-run";
import { openCheckout } from "./version";

// `preview` and `up` of the CLI need Pulumi's language host, which comes with an installed CLI only.
describe("The fleet's commands of the Pulumi CLI itself", () => {
  const folder = mkdtempSync(join(tmpdir(), "qt-fleet-pulumi-"));
  const closing: (() => void)[] = [];

  after(() => {
    for (const close of closing) close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("reads outputs without secrets, sees drift, and destroys", async function () {
    const cli = needsPulumi(this);
    const command = await openPulumi(cli);
    assert.ok(typeof command !== "string", String(command));
    process.env.no_grpc_proxy ??= "127.0.0.1,localhost";
    const stacks = openStackFolder(folder, project);
    const providers = dryRunProviders();
    const engine = createAutomationEngine({ command, stacks, environment: {}, providers: () => providers });
    const version = openCheckout(projectRoot).version("dev");
    assert.ok(version);
    const { outputs } = await engine.up({ name: "dev", ...version });
    const servers = await Promise.all(providers.map((provider) => serveProvider(() => provider)));
    closing.push(...servers.map((server) => () => server.close()));

    const run = (verb: "outputs" | "drift" | "destroy") =>
      runPulumiStack(verb, "dev", {
        binary: cli.binary,
        root: stacks.workFolder("dev"),
        stop: new StopRequest(),
        onProgress() {},
      });
    await withEnvironment(
      {
        PULUMI_BACKEND_URL: stacks.backendUrl,
        PULUMI_CONFIG_PASSPHRASE: stacks.passphrase,
        PULUMI_DEBUG_PROVIDERS: servers.map(({ name, port }) => `${name}:${port}`).join(","),
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
      async () => {
        const shown = await run("outputs");
        assert.equal(shown.status, "done", JSON.stringify(shown.changes.problems));
        assert.equal(shown.outputs?.resourceGroupName, outputs.resourceGroupName?.value);
        assert.equal(shown.outputs?.webhookUrl, "[secret]");

        const drift = await run("drift");
        assert.deepEqual([drift.status, drift.changes.problems], ["done", []]);

        const destroyed = await run("destroy");
        assert.deepEqual([destroyed.status, destroyed.changes.problems], ["done", []]);
        assert.ok(destroyed.changes.steps.length > 50);
        assert.ok(destroyed.changes.steps.every(({ op }) => op === "delete"));
      },
    );
  });
});
