import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { buildVersion } from "./pulumi-build";
import { ensurePulumi, findPulumi, installationRoot } from "./pulumi-cli";
import { temporaryFolder } from "./testing/temporary-folder";
import { withEnvironment } from "./testing/with-environment";

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

  it("is not found on a machine without one", () =>
    withEnvironment(machine(), () => assert.equal(findPulumi(), undefined)));

  it("is found in the Automation API's place, by the SDK's version first", () =>
    withEnvironment(machine(), () => {
      const built = place(join(installationRoot(buildVersion), "bin", executable));
      assert.deepEqual(findPulumi(), { root: installationRoot(buildVersion), binary: built });
      const downloaded = place(join(installationRoot(sdkVersion), "bin", executable));
      assert.deepEqual(findPulumi(), { root: installationRoot(sdkVersion), binary: downloaded });
    }));

  it("is found on PATH before that", () =>
    withEnvironment(machine(), () => {
      place(join(installationRoot(sdkVersion), "bin", executable));
      const binary = place(join(folder(), "path", executable));
      assert.deepEqual(findPulumi(), { binary });
    }));

  it("is not looked for anywhere else once it is there", () =>
    withEnvironment(machine(), async () => {
      const binary = place(join(folder(), "path", executable));
      const onProgress = () => assert.fail("nothing takes its time");
      assert.deepEqual(await ensurePulumi({ build: true, onProgress }), { binary });
    }));
});
