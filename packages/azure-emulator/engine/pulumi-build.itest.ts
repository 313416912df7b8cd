import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { CodedError } from "../../kit/errors/coded-error";
import { buildVersion } from "../../kit/find-pulumi";
import { skip } from "../../kit/testing/skip";
import { temporaryFolder } from "../../kit/testing/temporary-folder";
import { withEnvironment } from "../../kit/testing/with-environment";
import { buildPulumi } from "./pulumi-build";

/** A fake Go compiler that logs its arguments and "builds" by writing the output file. */
const fakeGo = `#!/bin/sh
echo "$*" >> "$GO_LOG"
[ "$1" = "$GO_FAILS_AT" ] && { echo "go: no such module" >&2; exit 1; }
while [ $# -gt 0 ]; do
  [ "$1" = "-o" ] && { mkdir -p "$(dirname "$2")"; echo built > "$2"; chmod +x "$2"; }
  shift
done
exit 0
`;

describe("engine: building the Pulumi CLI", () => {
  const folder = temporaryFolder();

  before(function () {
    if (process.platform === "win32") skip(this, "the fake Go is a shell script");
  });

  function machine(failsAt = ""): Record<string, string> {
    const bin = join(folder(), "go-bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "go"), fakeGo);
    chmodSync(join(bin, "go"), 0o755);
    const path = [bin, process.env.PATH ?? ""].join(delimiter);
    return { PATH: path, GO_LOG: join(folder(), "go.log"), GO_FAILS_AT: failsAt };
  }

  it("fetches both modules at one release and installs the CLI", () =>
    withEnvironment(machine(), async () => {
      const root = join(folder(), "versions", buildVersion);
      const progress: string[] = [];
      await buildPulumi(root, (line) => progress.push(line));
      assert.equal(readFileSync(join(root, "bin", "pulumi"), "utf8"), "built\n");
      const calls = readFileSync(join(folder(), "go.log"), "utf8").trim().split("\n");
      assert.equal(calls.length, 4);
      assert.ok(
        calls[1]?.endsWith(`pkg/v3@v${buildVersion} github.com/pulumi/pulumi/sdk/v3@v${buildVersion}`),
      );
      assert.ok(calls[3]?.includes(`version.Version=v${buildVersion}`));
      assert.equal(progress.length, 4);
      assert.deepEqual(readdirSync(join(folder(), "versions")), [buildVersion]);
    }));

  it("builds once, even for two concurrent callers", () =>
    withEnvironment(machine(), async () => {
      const root = join(folder(), "versions", buildVersion);
      await Promise.all([buildPulumi(root, () => {}), buildPulumi(root, () => {})]);
      await buildPulumi(root, () => {});
      assert.equal(readFileSync(join(folder(), "go.log"), "utf8").trim().split("\n").length, 4);
    }));

  it("leaves nothing behind when Go fails, and reports Go's output", () =>
    withEnvironment(machine("get"), async () => {
      const root = join(folder(), "versions", buildVersion);
      const failed = (error: unknown): boolean =>
        error instanceof CodedError && error.code === "QT7014" && error.message.includes("no such module");
      await assert.rejects(
        buildPulumi(root, () => {}),
        failed,
      );
      assert.ok(!existsSync(root));
      assert.deepEqual(readdirSync(join(folder(), "versions")), []);
    }));
});
