import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEnvironment } from "../local/environment";
import { folderHolder } from "../packages/azure-emulator/control-plane/folder-lock";
import { spawnServe } from "./support/serve-process";

describe("A signal to the local process", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "qt-signal-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const serve = () => spawnServe(folder, "in-process", "ignore");
  const until = async (child: ChildProcess, wanted: string): Promise<void> => {
    for (let kind = ""; kind !== wanted; ) {
      const [message] = (await once(child, "message")) as [{ kind: string; line: string }];
      kind = message.kind;
      assert.ok(kind === wanted || kind !== "failed", message.line);
    }
  };
  /** PostgreSQL removes this file only at an orderly end. */
  const databaseRuns = () => existsSync(join(folder, "postgres", "data", "postmaster.pid"));

  it("ends a deployment in an orderly way: leaves no database, lock or environment file behind", async () => {
    const child = serve();
    await until(child, "progress");
    assert.ok(databaseRuns());
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    assert.deepEqual(await exit, [143, null]);
    assert.ok(!databaseRuns(), "PostgreSQL outlived its emulator");
    assert.equal(folderHolder(folder), undefined);
  });

  it("lets the next start finish the deployment, and ends that one with success", async () => {
    const child = serve();
    await until(child, "up");
    assert.equal((await findEnvironment(folder))?.process.pid, child.pid);
    const exit = once(child, "exit");
    child.kill("SIGINT");
    assert.deepEqual(await exit, [0, null]);
    assert.ok(!databaseRuns());
    assert.equal(await findEnvironment(folder), undefined);
  });
});
