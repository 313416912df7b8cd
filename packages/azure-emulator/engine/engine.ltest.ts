import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { CodedError } from "../../kit/errors/coded-error";
import { needsPulumi } from "../../kit/testing/skip";
import { temporaryFolder } from "../../kit/testing/temporary-folder";
import { nameOf } from "../../kit/urn";
import { EmulatorError } from "../errors/emulator-error";
import type { EngineProgress, PulumiChoice, RunResult } from ".";
import { openStackFolder } from "./stack-folder";
import { createMemoryControlPlane, type MemoryControlPlane } from "./testing/memory-control-plane";
import { toyContext, toyEngine, toyProject, toyStack } from "./testing/toy-engine";
import { toySecrets } from "./testing/toy-program";

for (const kind of ["engine", "in-process"] as const) {
  describe(`engine: ${kind}`, () => {
    const folder = temporaryFolder();

    before(function () {
      if (kind === "engine") needsPulumi(this);
    });

    async function setUp() {
      const controlPlane = createMemoryControlPlane();
      const engine = await toyEngine(folder(), controlPlane, kind);
      assert.equal(engine.kind, kind);
      const names = () => [...controlPlane.resources.values()].map(({ name }) => name);
      return { controlPlane, engine, names };
    }

    it("previews and deploys, after which a preview shows no changes", async () => {
      const { controlPlane, engine } = await setUp();
      const predicted = await engine.preview(toyStack());
      assert.deepEqual(counts(predicted), { creates: 10, updates: 0, replaces: 0, deletes: 0, same: 0 });
      assert.equal(controlPlane.resources.size, 0);
      assert.equal(predicted.outputs.since?.value, "2026-01-31");
      assert.equal(predicted.outputs.vaultUri, undefined);

      const done = await engine.up(toyStack());
      assert.deepEqual(counts(done), counts(predicted));
      const { blob, ...fixed } = done.outputs;
      assert.match(String(blob?.value), /^https:\/\/127\.0\.0\.1\/storage\/st[a-z0-9]{6}\/$/);
      assert.deepEqual(fixed, {
        vaultUri: { value: "https://127.0.0.1/keyvault/kv-toy/", secret: false },
        principalId: { value: "principal of sql-toy", secret: false },
        minted: { value: toySecrets[1], secret: true },
        deployer: { value: toyContext.principals.deployer.clientId, secret: false },
        since: { value: "2026-01-31", secret: false },
      });

      const again = await engine.preview(toyStack());
      assert.deepEqual(counts(again), { creates: 0, updates: 0, replaces: 0, deletes: 0, same: 10 });
      assert.deepEqual(again.outputs, done.outputs);
    });

    it("uses the provider's region for resources without one", async () => {
      const { controlPlane, engine } = await setUp();
      await engine.up(toyStack());
      const locations = [...controlPlane.resources.values()].map(({ name, location }) => [name, location]);
      assert.equal(Object.fromEntries(locations)["rg-toy"], "westeurope");
      assert.equal(Object.fromEntries(locations)["sql-toy"], "northeurope");
    });

    it("updates, deletes and replaces only what changed", async () => {
      const { controlPlane, engine, names } = await setUp();
      await engine.up(toyStack());
      controlPlane.calls.length = 0;
      const changed = toyStack({ tag: "second", withContainer: false });
      const predicted = await engine.preview(changed);
      const done = await engine.up(changed);
      assert.deepEqual(operations(done), ["delete container", "update group"]);
      assert.deepEqual(operations(done), operations(predicted));
      assert.deepEqual(
        controlPlane.calls.map(({ verb, id }) => `${verb} ${id.split("/").at(-1)}`),
        ["put rg-toy", "delete files"],
      );

      await engine.up(toyStack({ tag: "second", withContainer: false, login: "another" }));
      const server = [...controlPlane.resources.values()].find(({ name }) => name === "sql-toy");
      assert.equal(server?.properties.administratorLogin, "another");
      assert.ok(names().includes("db"), "the database of the replaced server exists again");
      const after = await engine.preview(toyStack({ tag: "second", withContainer: false, login: "another" }));
      assert.deepEqual(operations(after), []);
    });

    it("sends Azure plain values and shows no secret in the state", async () => {
      const { controlPlane, engine } = await setUp();
      await engine.up(toyStack());
      const stored = [...controlPlane.resources.values()];
      const secret = stored.find(({ name }) => name === "client-secret");
      assert.equal(secret?.properties.value, toySecrets[0]);
      const password = stored.find(({ name }) => name === "sql-toy")?.properties.administratorLoginPassword;
      assert.match(String(password), /^[A-Za-z0-9]{24}$/);
      const state = JSON.stringify(await engine.exportState(toyStack()));
      assert.ok(state.includes("sql-toy"));
      for (const hidden of [...toySecrets, String(password), toyContext.principals.deployer.secret]) {
        assert.ok(!state.includes(hidden), `the state shows ${hidden.slice(0, 6)}…`);
      }
    });

    it("detects manual changes and deletions", async () => {
      const { controlPlane, engine } = await setUp();
      await engine.up(toyStack());
      assert.deepEqual(operations(await engine.refreshPreview(toyStack())), []);
      changeByHand(controlPlane);
      const events: object[] = [];
      const found = await engine.refreshPreview(toyStack(), { onEvent: (event) => events.push(event) });
      assert.deepEqual(operations(found), ["delete container", "update group"]);
      const log = JSON.stringify(events);
      assert.match(log, /by hand/);
      for (const hidden of toySecrets)
        assert.ok(!log.includes(hidden), `the log shows ${hidden.slice(0, 6)}…`);
    });

    it("undoes manual changes and deletions if it refreshes first", async () => {
      const { controlPlane, engine } = await setUp();
      await engine.up(toyStack());
      const deployed = comparable(controlPlane.resources.values());
      changeByHand(controlPlane);
      const events: EngineEvent[] = [];
      const options = { refresh: true, onEvent: (event: object) => events.push(event as EngineEvent) };
      const done = await engine.up(toyStack(), options);
      assert.deepEqual(operations(done), ["create container", "update group"]);
      assert.equal(done.same, 8);
      assert.deepEqual(reportedChanges(events), ["create container", "update group"]);
      assert.deepEqual(comparable(controlPlane.resources.values()), deployed);
      controlPlane.calls.length = 0;
      assert.deepEqual(operations(await engine.up(toyStack())), []);
      assert.deepEqual(controlPlane.calls, []);
      const state = JSON.stringify(await engine.exportState(toyStack()));
      for (const hidden of toySecrets)
        assert.ok(!state.includes(hidden), `the state shows ${hidden.slice(0, 6)}…`);
    });

    it("destroys everything, children first, and removes the stack", async () => {
      const { controlPlane, engine } = await setUp();
      await engine.up(toyStack());
      controlPlane.calls.length = 0;
      const { deletes } = await engine.destroy(toyStack());
      assert.equal(deletes, 10);
      assert.equal(controlPlane.resources.size, 0);
      const order = controlPlane.calls.map(({ id }) => id.split("/").at(-1));
      assert.ok(order.indexOf("db") < order.indexOf("sql-toy"));
      assert.equal(order.at(-1), "rg-toy");
      assert.equal(await engine.exportState(toyStack()), undefined);
      assert.deepEqual(readdirSync(join(folder(), "stacks")), []);
      assert.equal((await engine.destroy(toyStack())).deletes, 0);
    });

    it("destroys nothing while a resource is protected, and everything once it is not", async () => {
      const { controlPlane, engine } = await setUp();
      await engine.up(toyStack({ protect: true }));
      const before = [controlPlane.resources.size, await engine.exportState(toyStack())];
      controlPlane.calls.length = 0;
      await assert.rejects(engine.destroy(toyStack()), (error) => {
        assert.ok(error instanceof CodedError && error.code === "QT7011");
        assert.match(error.message, /^database, vault are protected/);
        assert.match(error.next, /\bdev\b/);
        return true;
      });
      assert.deepEqual(controlPlane.calls, []);
      assert.deepEqual([controlPlane.resources.size, await engine.exportState(toyStack())], before);
      await engine.up(toyStack());
      await engine.destroy(toyStack());
      assert.equal(controlPlane.resources.size, 0);
    });

    it("reports its progress for each resource", async () => {
      const { engine } = await setUp();
      const events: EngineProgress[] = [];
      await engine.up(toyStack(), { onProgress: (event) => events.push(event) });
      const server = events.filter((event) => event.kind === "resource" && event.name === "server");
      assert.deepEqual(
        server.map((event) => event.kind === "resource" && [event.operation, event.status, event.type]),
        [
          ["create", "started", "azure-native:sql:Server"],
          ["create", "succeeded", "azure-native:sql:Server"],
        ],
      );
      const [, ended] = server;
      assert.ok(ended?.kind === "resource" && ended.durationMs !== undefined && ended.durationMs < 60_000);
    });

    it("fails with the reason, keeps what it did, and continues there next time", async () => {
      const { engine } = await setUp();
      await assert.rejects(engine.up(toyStack({ failWith: "the step says no" })), (error) => {
        assert.ok(error instanceof CodedError && error.code === "QT7006");
        assert.match(error.message, /minted.*the step says no/);
        return true;
      });
      assert.deepEqual(operations(await engine.up(toyStack())), ["create minted"]);
    });

    it("passes on an error of the cloud", async () => {
      const { controlPlane, engine } = await setUp();
      controlPlane.beforePut = (id) => {
        if (id.endsWith("/kv-toy")) throw new Error("the vault's name is taken");
      };
      await assert.rejects(engine.up(toyStack()), /vault.*the vault's name is taken/);
    });

    it("rethrows a coded error of the program unchanged", async () => {
      const { engine } = await setUp();
      const thrown = new EmulatorError("QT7005", { name: "length", value: "x" });
      await assert.rejects(engine.up(toyStack({ throws: thrown })), (error) => error === thrown);
    });

    it("continues after a kill during a deployment", async () => {
      await killDuringUp(folder(), kind);
      const { controlPlane, engine, names } = await setUp();
      const { creates } = await engine.up(toyStack());
      assert.ok(creates > 0 && creates < 10, "resources created before the kill are known");
      assert.ok(names().includes("sql-toy") && names().includes("db"));
      assert.ok(!JSON.stringify(await engine.exportState(toyStack())).includes("pending_operations"));
      assert.deepEqual(operations(await engine.preview(toyStack())), []);
      assert.ok(controlPlane.calls.every(({ verb }) => verb === "put"));
    });

    if (kind === "engine") {
      it("repairs what a killed CLI leaves behind: its lock and a pending operation", async () => {
        const { engine } = await setUp();
        await engine.up(toyStack());
        const stacks = openStackFolder(folder(), toyProject);
        leavePending(stacks.stateFile("dev"), "container");
        leaveLock(stacks.lockFolder("dev"));
        const { creates } = await engine.preview(toyStack());
        assert.equal(creates, 0, "what exists is not created again");
        assert.deepEqual(operations(await engine.up(toyStack())), ["update container"]);
        assert.ok(!JSON.stringify(await engine.exportState(toyStack())).includes("pending_operations"));
      });
    }

    it("keeps stacks apart that are deployed at the same time", async () => {
      const { controlPlane, engine } = await setUp();
      const stacks = ["one", "two"].map((name) => ({
        ...toyStack({ accountName: `st${name}`, group: `rg-${name}` }),
        name,
      }));
      const results = await Promise.all(stacks.map((stack) => engine.up(stack)));
      assert.deepEqual(
        results.map(({ creates }) => creates),
        [10, 10],
      );
      const accounts = [...controlPlane.resources.values()].filter(({ type }) =>
        type.endsWith("storageAccounts"),
      );
      assert.deepEqual(accounts.map(({ name }) => name).sort(), ["stone", "sttwo"]);
    });
  });
}

describe("engine: both engines", () => {
  const folder = temporaryFolder();

  before(function () {
    needsPulumi(this);
  });

  it("create the same resources", async () => {
    const stores = await Promise.all(
      (["engine", "in-process"] as const).map(async (kind) => {
        const controlPlane = createMemoryControlPlane();
        const engine = await toyEngine(join(folder(), kind), controlPlane, kind);
        await engine.up(toyStack());
        return comparable(controlPlane.resources.values());
      }),
    );
    assert.deepEqual(stores[0], stores[1]);
  });

  it("keep the engine with which an environment was created", async () => {
    const controlPlane = createMemoryControlPlane();
    const first = await toyEngine(folder(), controlPlane, "in-process");
    await first.up(toyStack());
    const second = await toyEngine(folder(), controlPlane, "auto");
    assert.equal(second.kind, "in-process");
    assert.match(second.notice ?? "", /as when this environment was made/);
    await second.destroy(toyStack());
    assert.equal((await toyEngine(folder(), controlPlane, "auto")).kind, "engine");
  });
});

/** Another tag on the group; the container is gone. */
function changeByHand({ resources }: MemoryControlPlane): void {
  for (const [id, resource] of resources) {
    if (resource.name === "rg-toy") resources.set(id, { ...resource, tags: { tag: "by hand" } });
    if (resource.name === "files") resources.delete(id);
  }
}

/** The changes that a run's events report. */
function reportedChanges(events: readonly EngineEvent[]): string[] {
  const changes = events.flatMap(({ resourcePreEvent }) => {
    const { op = "same", urn = "" } = resourcePreEvent?.metadata ?? {};
    return ["same", "read", "refresh"].includes(op) ? [] : [`${op} ${nameOf(urn)}`];
  });
  return changes.sort();
}

function counts({ creates, updates, replaces, deletes, same }: RunResult) {
  return { creates, updates, replaces, deletes, same };
}

function operations({ changes }: RunResult): string[] {
  return changes.map(({ operation, name }) => `${operation} ${name}`).sort();
}

/** The resources without their random parts: the suffix in names and the password. */
function comparable(resources: Iterable<object>): string[] {
  const texts = [...resources].map((resource) => JSON.stringify(resource, sortKeys));
  return texts
    .map((text) =>
      text.replace(/st[a-z0-9]{6}\b/g, "st…").replace(/("administratorLoginPassword":)"\w+"/, '$1"…"'),
    )
    .sort();
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Turns a resource of the state into a pending creation. */
function leavePending(stateFile: string, name: string): void {
  const state = JSON.parse(readFileSync(stateFile, "utf8")) as {
    checkpoint: { latest: { resources: { urn: string }[]; pending_operations?: unknown[] } };
  };
  const { latest } = state.checkpoint;
  const resource = latest.resources.find(({ urn }) => urn.endsWith(`::${name}`));
  latest.resources = latest.resources.filter((other) => other !== resource);
  latest.pending_operations = [{ resource, type: "creating" }];
  writeFileSync(stateFile, JSON.stringify(state));
}

/** Leaves the lock of a dead process. */
function leaveLock(lockFolder: string): void {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  mkdirSync(lockFolder, { recursive: true });
  const lock = { pid, username: "somebody", hostname: "here", timestamp: "2026-01-01T00:00:00Z" };
  writeFileSync(join(lockFolder, "9d0cbb1c-39a5-4c0f-b9a7-6c9a4a3f6d54.json"), JSON.stringify(lock));
}

/** Starts `up` in a separate process and kills it while a resource is being created. */
async function killDuringUp(folder: string, kind: PulumiChoice): Promise<void> {
  const script = join(__dirname, "testing", "hanging-deployment.ts");
  const child = spawn(process.execPath, ["--require", "tsx/cjs", script, folder, kind], {
    cwd: toyProject.root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === "hanging") break;
  }
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}
