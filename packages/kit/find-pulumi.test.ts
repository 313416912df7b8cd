import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { mock } from "node:test";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { deployingPulumi } from "./download-pulumi";
import {
  buildVersion,
  executable,
  findPulumi,
  hasLanguageHost,
  installationRoot,
  pulumiCommand,
} from "./find-pulumi";
import { temporaryFolder } from "./testing/temporary-folder";
import { withEnvironment } from "./testing/with-environment";

function place(file: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
  chmodSync(file, 0o755);
  return file;
}

describe("the Pulumi CLI", () => {
  const folder = temporaryFolder();
  const machine = (home = folder()) => ({ HOME: home, USERPROFILE: home, PATH: join(home, "path") });

  it("is not found on a machine without one", () =>
    withEnvironment(machine(), () => assert.equal(findPulumi(), undefined)));

  it("is found in the Automation API's folder, the SDK's version first", () =>
    withEnvironment(machine(), () => {
      const built = place(join(installationRoot(buildVersion), "bin", executable));
      assert.deepEqual(findPulumi(), { root: installationRoot(buildVersion), binary: built });
      const downloaded = place(join(installationRoot(sdkVersion), "bin", executable));
      assert.deepEqual(findPulumi(), { root: installationRoot(sdkVersion), binary: downloaded });
    }));

  it("is called by its path if it is not on PATH", () => {
    assert.equal(pulumiCommand({ binary: "/usr/bin/pulumi" }), "pulumi");
    const root = "/home/a/.pulumi/versions/3.1.0";
    assert.equal(pulumiCommand({ root, binary: `${root}/bin/pulumi` }), `${root}/bin/pulumi`);
    assert.equal(pulumiCommand({ root, binary: "/home/a b/pulumi" }), '"/home/a b/pulumi"');
  });

  it("is that on PATH before one that was built, and after the SDK's version", () =>
    withEnvironment(machine(), () => {
      place(join(installationRoot(buildVersion), "bin", executable));
      const binary = place(join(process.env.PATH ?? "", executable));
      assert.deepEqual(findPulumi(), { binary });
      const own = place(join(installationRoot(sdkVersion), "bin", executable));
      assert.deepEqual(findPulumi(), { root: installationRoot(sdkVersion), binary: own });
    }));

  it("of a run in CI is the SDK's version, or another that is named in one line if that cannot be downloaded", async () => {
    const offline = mock.method(globalThis, "fetch", async () => Promise.reject(new Error("offline")));
    try {
      await withEnvironment(machine(), async () => {
        const lines: string[] = [];
        const say = (line: string) => void lines.push(line);
        assert.equal(await deployingPulumi(true, say), undefined);
        const binary = place(join(process.env.PATH ?? "", executable));
        writeFileSync(binary, "#!/bin/sh\necho v3.261.0\n");
        assert.deepEqual(await deployingPulumi(false, say), { binary });
        assert.deepEqual(lines, []);
        assert.deepEqual(await deployingPulumi(true, say), { binary });
        assert.deepEqual(lines, [
          `The Pulumi CLI v3.261.0 deploys: the SDK's ${sdkVersion} cannot be downloaded here`,
        ]);
        const root = installationRoot(sdkVersion);
        const own = place(join(root, "bin", executable));
        assert.deepEqual(await deployingPulumi(true, () => assert.fail()), { root, binary: own });
      });
    } finally {
      offline.mock.restore();
    }
  });

  it("has a language host on PATH or beside itself, or none", () =>
    withEnvironment(machine(), () => {
      const host = process.platform === "win32" ? "pulumi-language-nodejs.exe" : "pulumi-language-nodejs";
      const binary = place(join(installationRoot(buildVersion), "bin", executable));
      assert.equal(hasLanguageHost({ binary }), false);
      place(join(process.env.PATH ?? "", host));
      assert.equal(hasLanguageHost({ binary }), true);
      process.env.PATH = "";
      assert.equal(hasLanguageHost({ binary }), false);
      place(join(dirname(binary), host));
      assert.equal(hasLanguageHost({ binary }), true);
    }));
});
