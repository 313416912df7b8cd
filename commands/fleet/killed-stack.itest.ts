import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { azureResourceTypes } from "../../packages/azure-resource-types";
import type { StackState } from "../../packages/kit/interrupted-stack";
import { needsPulumi } from "../../packages/kit/testing/skip";
import { temporaryFolder } from "../../packages/kit/testing/temporary-folder";
import { withEnvironment } from "../../packages/kit/testing/with-environment";
import { findInAzure, repairKilledStack } from "./killed-stack";
import { StopRequest } from "./run";

const group = "/subscriptions/s1/resourceGroups/rg";
const operation = (type: string, token: string, name: string, rest: object) => ({
  type,
  resource: { urn: `urn:pulumi:dev::p::${token}::${name}`, type: token, custom: true, ...rest },
});

describe("What a killed deployment made", () => {
  it("is looked for in Resource Manager, by its inputs and its type's version", async () => {
    const calls: string[] = [];
    const arm = async <Body>(method: string, id: string, { apiVersion }: { apiVersion: string }) => {
      calls.push(`${method} ${id} ${apiVersion}`);
      return (id.endsWith("/there") ? { id } : undefined) as Body;
    };
    const find = findInAzure({ arm }, "s1");
    const account = (accountName: string) => ({
      urn: "u",
      type: "azure-native:storage:StorageAccount",
      inputs: { resourceGroupName: "rg", accountName },
    });
    const id = `${group}/providers/Microsoft.Storage/storageAccounts`;
    assert.equal(await find(account("there")), `${id}/there`);
    assert.equal(await find(account("gone")), undefined);
    const settings = {
      type: "azure-native:web:WebAppApplicationSettings",
      inputs: { resourceGroupName: "rg", name: "there" },
    };
    assert.equal(await find({ urn: "u", ...settings }), undefined);
    assert.equal(await find({ urn: "u", type: "random:index:RandomString", inputs: {} }), undefined);
    assert.equal(await find({ urn: "u", type: "azure-native:storage:StorageAccount" }), undefined);
    const { apiVersion } = azureResourceTypes.byType("Microsoft.Storage/storageAccounts") ?? {};
    assert.deepEqual(calls, [`GET ${id}/there ${apiVersion}`, `GET ${id}/gone ${apiVersion}`]);
  });
});

// Random values need no Azure, so the Pulumi CLI alone is enough.
describe("The stack of a killed deployment", () => {
  const folder = temporaryFolder();

  it("has nothing pending after a repair, though a dead process holds its lock", async function () {
    const { binary } = needsPulumi(this);
    const root = folder();
    const backend = join(root, "state");
    mkdirSync(backend);
    writeFileSync(join(root, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
    const environment = {
      PULUMI_BACKEND_URL: `file://${backend}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    await withEnvironment({ ...environment, ARM_SUBSCRIPTION_ID: "s1" }, async () => {
      const pulumi = (...args: readonly string[]) =>
        execFileSync(binary, [...args, "--stack", "dev", "--non-interactive"], {
          cwd: root,
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        });
      pulumi("stack", "init");
      const repair = () => repairKilledStack("dev", { binary, root, stop: new StopRequest() });
      assert.equal(await repair(), undefined);
      const stack = { urn: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", type: "pulumi:pulumi:Stack" };
      const text = operation("updating", "random:index/randomString:RandomString", "text", { id: "abc" });
      const other = operation("creating", "random:index/randomString:RandomString", "other", {});
      const deployment = {
        manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
        resources: [stack, text.resource],
      };
      const imported = join(root, "stack.json");
      writeFileSync(imported, JSON.stringify({ version: 3, deployment }));
      pulumi("stack", "import", "--file", imported);
      // An import drops what is pending, so it is written where Pulumi does.
      const file = join(backend, ".pulumi", "stacks", "p", "dev.json");
      const state = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest: object } };
      Object.assign(state.checkpoint.latest, { pending_operations: [text, other] });
      writeFileSync(file, JSON.stringify(state));
      const locks = join(backend, ".pulumi", "locks", "organization", "p", "dev");
      mkdirSync(locks, { recursive: true });
      const { pid } = spawnSync(process.execPath, ["--version"]);
      const lock = { pid, username: "root", hostname: hostname(), timestamp: "2026-01-01T00:00:00Z" };
      writeFileSync(join(locks, "9d0cbb1c-39a5-4c0f-b9a7-6c9a4a3f6d54.json"), JSON.stringify(lock));

      assert.deepEqual(await repair(), {
        text: "completed the state of a killed deployment; written again by the next deployment: text",
        wasDeleting: false,
      });
      const left = JSON.parse(pulumi("stack", "export")) as { deployment: StackState };
      assert.equal(left.deployment.pending_operations, undefined);
      assert.deepEqual(
        left.deployment.resources?.map(({ initErrors }) => initErrors),
        [undefined, ["interrupted while updating"]],
      );
      assert.deepEqual(readdirSync(locks), []);
      assert.equal(await repair(), undefined);
    });
  });
});
