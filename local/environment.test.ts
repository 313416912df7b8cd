import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFolder } from "../packages/azure-emulator/control-plane/folder-lock";
import {
  deployedEnvironments,
  type Environment,
  findEnvironment,
  forgetEnvironment,
  removeEnvironments,
  requireEnvironment,
  writeEnvironment,
} from "./environment";

describe("environment.json", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "qt-environment-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const environment = (stack: string, pid: number) =>
    ({ contract: 1, stack, process: { pid } }) as unknown as Environment;

  it("is written for every stack, for dev also at the well-known path, readable by its owner only", async () => {
    const unlock = lockFolder(folder);
    await writeEnvironment(folder, environment("dev", process.pid));
    await writeEnvironment(folder, environment("acme", process.pid));
    assert.equal((await findEnvironment(folder))?.stack, "dev");
    assert.equal((await findEnvironment(folder, "acme"))?.stack, "acme");
    unlock();
    assert.equal(await findEnvironment(folder), undefined);
    if (process.platform !== "win32")
      assert.equal(statSync(join(folder, "environment.json")).mode & 0o077, 0);
  });

  it("is ignored once its process is gone", async () => {
    await writeEnvironment(folder, environment("dev", process.pid));
    assert.equal(await findEnvironment(folder), undefined);
    await assert.rejects(requireEnvironment(folder), { code: "QT9003" });
  });

  it("is removed with its stack", async () => {
    await writeEnvironment(folder, environment("dev", process.pid));
    await forgetEnvironment(folder, "dev");
    assert.ok(!existsSync(join(folder, "environment.json")));
    assert.deepEqual(await deployedEnvironments(folder), []);
    await forgetEnvironment(folder, "dev");
  });

  it("is kept for the next start when nothing runs any more", async () => {
    for (const stack of ["dev", "acme"]) await writeEnvironment(folder, environment(stack, process.pid));
    await removeEnvironments(folder);
    assert.deepEqual(readdirSync(folder), ["deployed"]);
    const stacks = (await deployedEnvironments(folder)).map(({ stack }) => stack);
    assert.deepEqual(stacks, ["acme", "dev"]);
  });
});
