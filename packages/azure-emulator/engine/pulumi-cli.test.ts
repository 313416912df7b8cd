import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../../kit/testing/temporary-folder";
import { withEnvironment } from "../../kit/testing/with-environment";
import { ensurePulumi } from "./pulumi-cli";

const executable = process.platform === "win32" ? "pulumi.exe" : "pulumi";

function place(file: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
  chmodSync(file, 0o755);
  return file;
}

describe("engine: the Pulumi CLI", () => {
  const folder = temporaryFolder();
  const machine = () => ({ HOME: folder(), USERPROFILE: folder(), PATH: join(folder(), "path") });

  it("uses an installed CLI and downloads or builds nothing", () =>
    withEnvironment(machine(), async () => {
      const binary = place(join(folder(), "path", executable));
      const onProgress = () => assert.fail("an installed CLI needs no download or build");
      assert.deepEqual(await ensurePulumi({ build: true, onProgress }), { binary });
    }));
});
