import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { isAlive, lockHolder, tryLock, unlock, withLock } from "./process-lock";
import { skip } from "./testing/skip";
import { temporaryFolder } from "./testing/temporary-folder";

describe("a process lock", () => {
  const folder = temporaryFolder();

  it("runs one work after the other and reports that it waits", async () => {
    const file = join(folder(), "lock");
    const order: string[] = [];
    let finishFirst: () => void = () => {};
    const firstMayEnd = new Promise<void>((resolve) => {
      finishFirst = resolve;
    });
    const first = withLock(
      file,
      () => assert.fail("nobody was before"),
      async () => {
        order.push("first begins");
        await firstMayEnd;
        order.push("first ends");
      },
    );
    const second = withLock(file, finishFirst, async () => void order.push("second"));
    await Promise.all([first, second]);
    assert.deepEqual(order, ["first begins", "first ends", "second"]);
    assert.ok(!existsSync(file));
  });

  it("is released when the work fails", async () => {
    const file = join(folder(), "lock");
    await assert.rejects(
      withLock(
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
      await withLock(
        file,
        () => assert.fail("nobody lives"),
        async () => "done",
      ),
      "done",
    );
  });

  it("does not count if an earlier process had this one's id", async () => {
    const file = join(folder(), "lock");
    writeFileSync(file, `${process.pid}\n`);
    assert.equal(tryLock(file), undefined);
    assert.equal(tryLock(file), process.pid);
    unlock(file);
    assert.ok(!existsSync(file));
  });

  it("does not count if another process now has the id", function () {
    if (process.platform !== "linux") {
      skip(this, "only Linux says when a process started");
    }
    const file = join(folder(), "lock");
    writeFileSync(file, JSON.stringify({ pid: process.ppid, startedAt: "1" }));
    assert.equal(tryLock(file), undefined);
    unlock(file);
  });

  it("does not count if its process is a zombie", async function () {
    if (process.platform !== "linux") {
      skip(this, "only Linux shows zombies");
    }
    // The child of a shell that became another program, which never collects it. It ends when its input ends.
    const parent = spawn("sh", ["-c", "cat <&3 & echo $!; exec sleep 1000 3<&-"], {
      stdio: ["ignore", "pipe", "ignore", "pipe"],
    });
    try {
      assert.ok(parent.stdout);
      const [pid] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
      while (readFileSync(`/proc/${parent.pid}/comm`, "utf8") !== "sleep\n") await setImmediate();
      (parent.stdio[3] as Writable).end();
      const state = () => /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
      while (state() !== "Z") await setImmediate();
      process.kill(Number(pid), 0);
      assert.ok(!isAlive(Number(pid)));
    } finally {
      parent.kill("SIGKILL");
    }
  });

  for (const content of ["", "null", "[]", '"x"', '{"pid":"1"}'])
    it(`does not count if its file contains ${JSON.stringify(content)}`, () => {
      const file = join(folder(), "lock");
      writeFileSync(file, content);
      assert.equal(lockHolder(file), undefined);
      assert.equal(tryLock(file), undefined);
      assert.equal(lockHolder(file), process.pid);
      unlock(file);
    });

  it("recognises a living process", () => {
    assert.ok(isAlive(process.pid));
    assert.ok(!isAlive(0) && !isAlive(Number.NaN));
  });
});
