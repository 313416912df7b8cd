import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { skip } from "../../kit/testing/skip";
import { folderHolder, lockFolder } from "./folder-lock";

describe("folder lock", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lock-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const heldBy = (holder: object) => writeFile(join(folder, "lock.json"), JSON.stringify(holder));

  it("names its holder until it is released, and leaves no file", async () => {
    const unlock = lockFolder(folder);
    assert.equal(folderHolder(folder), process.pid);
    unlock();
    assert.equal(folderHolder(folder), undefined);
    assert.deepEqual(await readdir(folder), []);
  });

  it("is refused while another live process holds it, and leaves that process's lock unchanged", async () => {
    const other = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    try {
      await once(other, "spawn");
      await heldBy({ pid: other.pid });
      assert.throws(() => lockFolder(folder), { code: "QT6004" });
      assert.equal(JSON.parse(await readFile(join(folder, "lock.json"), "utf8")).pid, other.pid);
    } finally {
      other.kill("SIGKILL");
      await once(other, "exit");
    }
    const unlock = lockFolder(folder);
    unlock();
  });

  it("ignores a lock whose process id now belongs to another process", async function () {
    if (process.platform !== "linux") skip(this, "only Linux says when a process started");
    await heldBy({ pid: process.ppid, startedAt: "1" });
    assert.equal(folderHolder(folder), undefined);
    const unlock = lockFolder(folder);
    assert.equal(folderHolder(folder), process.pid);
    unlock();
  });

  it("ignores a lock file that is not JSON", async () => {
    await writeFile(join(folder, "lock.json"), "");
    const unlock = lockFolder(folder);
    unlock();
  });
});
