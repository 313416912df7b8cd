import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needsPulumi } from "../../packages/kit/testing/skip";
import { withEnvironment } from "../../packages/kit/testing/with-environment";
import { runPulumiStack } from "./pulumi-stack";
import { StopRequest } from "./run";

// Components have no provider, so the Pulumi CLI alone is enough.
describe("The Pulumi CLI itself", () => {
  const folder = mkdtempSync(join(tmpdir(), "qt-fleet-real-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const resource = (type: string, name: string, rest: object = {}) => ({
    ...{ urn: `urn:pulumi:dev::quantemplate::${type}::${name}`, custom: false, type },
    ...rest,
  });

  it("deletes nothing if a resource is protected", async function () {
    const cli = needsPulumi(this);
    const state = join(folder, "state");
    mkdirSync(state);
    writeFileSync(join(folder, "Pulumi.yaml"), "name: quantemplate\nruntime: nodejs\n");
    const environment = {
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    await withEnvironment(environment, async () => {
      const pulumi = (...args: readonly string[]) =>
        execFileSync(cli.binary, [...args, "--non-interactive"], {
          cwd: folder,
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        });
      const left = () => {
        const { deployment } = JSON.parse(pulumi("stack", "export", "--stack", "dev")) as {
          deployment: { resources?: readonly { readonly urn: string }[] };
        };
        return (deployment.resources ?? []).map(({ urn }) => urn.split("::").at(-1));
      };
      const put = (protect: boolean) => {
        const stack = resource("pulumi:pulumi:Stack", "quantemplate-dev");
        const resources = [
          stack,
          resource("qt:test:Component", "free", { parent: stack.urn }),
          resource("qt:test:Component", "kept", { parent: stack.urn, protect }),
        ];
        const manifest = { time: "2026-01-01T00:00:00Z", magic: "", version: "" };
        const file = join(folder, "stack.json");
        writeFileSync(file, JSON.stringify({ version: 3, deployment: { manifest, resources } }));
        pulumi("stack", "import", "--stack", "dev", "--file", file);
      };
      const destroy = () =>
        runPulumiStack("destroy", "dev", {
          ...{ binary: cli.binary, root: folder, stop: new StopRequest() },
          onProgress() {},
        });
      pulumi("stack", "init", "dev");

      put(true);
      const refused = await destroy();
      assert.equal(refused.status, "failed");
      assert.match(refused.changes.problems.join("\n"), /kept" cannot be deleted\s+because it is protected/);
      assert.match(refused.changes.problems.at(-1) ?? "", /^Nothing was done/);
      assert.deepEqual(left(), ["quantemplate-dev", "free", "kept"]);

      put(false);
      const { status, changes } = await destroy();
      assert.deepEqual([status, changes.problems, left()], ["done", [], []]);
    });
  });
});
