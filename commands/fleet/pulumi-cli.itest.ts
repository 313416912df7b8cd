import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { needsPulumi } from "../../packages/kit/testing/skip";
import { withEnvironment } from "../../packages/kit/testing/with-environment";
import { runPulumiStack } from "./pulumi-stack";
import { StopRequest } from "./run";
import { makeStack, stacksWithoutFile } from "./stack-life";

// Components have no provider, so the Pulumi CLI alone is enough.
const keySalt = (file: string) => /^encryptionsalt: .+$/m.exec(file)?.[0];

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

  it("takes a retired tenant down though it is protected, and knows what is left at each step", async function () {
    const cli = needsPulumi(this);
    const root = join(folder, "retired");
    mkdirSync(join(root, "state"), { recursive: true });
    writeFileSync(join(root, "Pulumi.yaml"), "name: quantemplate\nruntime: nodejs\n");
    const environment = {
      PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    await withEnvironment(environment, async () => {
      const pulumi = (...args: readonly string[]) =>
        execFileSync(cli.binary, [...args, "--non-interactive"], {
          cwd: root,
          encoding: "utf8",
          stdio: ["ignore", "pipe", "pipe"],
        });
      const stop = new StopRequest();
      const run = (verb: "up" | "preview" | "drift", tenant: string) =>
        runPulumiStack(verb, tenant, { ...{ binary: cli.binary, root, stop }, onProgress() {} });
      const file = join(root, "Pulumi.acme.yaml");
      pulumi("stack", "init", "acme");
      const stack = {
        ...{ urn: "urn:pulumi:acme::quantemplate::pulumi:pulumi:Stack::quantemplate-acme", custom: false },
        type: "pulumi:pulumi:Stack",
      };
      const kept = {
        ...{ urn: "urn:pulumi:acme::quantemplate::qt:test:Component::kept", custom: false, protect: true },
        ...{ type: "qt:test:Component", parent: stack.urn },
      };
      const manifest = { time: "2026-01-01T00:00:00Z", magic: "", version: "" };
      const state = join(root, "stack.json");
      writeFileSync(
        state,
        JSON.stringify({ version: 3, deployment: { manifest, resources: [stack, kept] } }),
      );
      pulumi("stack", "import", "--stack", "acme", "--file", state);
      writeFileSync(file, `${readFileSync(file, "utf8")}config:\n  quantemplate:retired: true\n`);

      const told = await run("preview", "acme");
      assert.equal(told.status, "done");
      assert.match(
        told.changes.notes?.join() ?? "",
        /the deployment takes off its protection and deletes its 2 res/,
      );
      assert.deepEqual(await stacksWithoutFile(cli.binary, root, stop), []);

      // The file goes before the deployment did its part: the stack is an orphan, and nothing hides it.
      const text = readFileSync(file, "utf8");
      rmSync(file);
      assert.deepEqual(await stacksWithoutFile(cli.binary, root, stop), ["acme"]);
      const alone = await run("drift", "acme");
      assert.equal(alone.status, "failed");
      assert.match(alone.changes.problems.join(), /There is a stack acme, and no Pulumi\.acme\.yaml/);
      writeFileSync(file, text);

      // Somebody works on the stack: it fails, is whole, and goes with the next deployment.
      const lock = join(
        root,
        "state",
        ".pulumi",
        "locks",
        "organization",
        "quantemplate",
        "acme",
        "other.json",
      );
      mkdirSync(dirname(lock), { recursive: true });
      writeFileSync(
        lock,
        JSON.stringify({ pid: 1, username: "x", hostname: "elsewhere", timestamp: "2026-01-01T00:00:00Z" }),
      );
      const locked = await run("up", "acme");
      assert.equal(locked.status, "failed");
      assert.match(locked.changes.problems.join(), /locked/);
      assert.deepEqual(await stacksWithoutFile(cli.binary, root, stop), []);
      rmSync(lock);

      const gone = await run("up", "acme");
      assert.deepEqual([gone.status, gone.changes.problems], ["done", []]);
      assert.match(gone.changes.notes?.join() ?? "", /its file can be removed\. What stays: the vault/);
      const after = await run("up", "acme");
      assert.equal(after.status, "done");
      assert.match(after.changes.notes?.join() ?? "", /nothing of it is deployed: its file can be removed/);
      // With the file as it is, a new stack is made, and what encrypts its secrets stays.
      const made = await makeStack("acme", { binary: cli.binary, root, stop });
      assert.equal(made?.code, 0, made?.stderr);
      assert.equal(keySalt(readFileSync(file, "utf8")), keySalt(text));
      await run("up", "acme");
      rmSync(file);
      assert.deepEqual(await stacksWithoutFile(cli.binary, root, stop), []);
    });
  });
});
