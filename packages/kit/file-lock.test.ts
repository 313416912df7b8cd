import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, tryLock, unlock, withFileLock } from "./file-lock";
import { temporaryFolder } from "./testing/temporary-folder";

describe("A file lock", () => {
  const folder = temporaryFolder();

  it("lets one work after the other and says that it waits", async () => {
    const file = join(folder(), "lock");
    const order: string[] = [];
    let finishFirst: () => void = () => {};
    const firstMayEnd = new Promise<void>((resolve) => {
      finishFirst = resolve;
    });
    const first = withFileLock(
      file,
      () => assert.fail("nobody was before"),
      async () => {
        order.push("first begins");
        await firstMayEnd;
        order.push("first ends");
      },
    );
    const second = withFileLock(file, finishFirst, async () => void order.push("second"));
    await Promise.all([first, second]);
    assert.deepEqual(order, ["first begins", "first ends", "second"]);
    assert.ok(!existsSync(file));
  });

  it("is given free when the work fails", async () => {
    const file = join(folder(), "lock");
    await assert.rejects(
      withFileLock(
        file,
        () => {},
        () => Promise.reject(new Error("no")),
      ),
      /no/,
    );
    assert.ok(!existsSync(file));
  });

  it("does not wait for a process that died", async () => {
    const file = join(folder(), "lock");
    const { pid } = spawnSync(process.execPath, ["--version"]);
    assert.ok(!isAlive(pid));
    writeFileSync(file, String(pid));
    assert.equal(
      await withFileLock(
        file,
        () => assert.fail("nobody lives"),
        async () => "done",
      ),
      "done",
    );
  });

  it("counts for nothing where an earlier process had this one's id", async () => {
    const file = join(folder(), "lock");
    writeFileSync(file, `${process.pid}\n`);
    assert.equal(tryLock(file), undefined);
    assert.equal(tryLock(file), process.pid);
    unlock(file);
    assert.ok(!existsSync(file));
  });

  it("knows who lives", () => {
    assert.ok(isAlive(process.pid));
    assert.ok(!isAlive(0) && !isAlive(Number.NaN));
  });
});
