import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUNDLE_LIMIT_BYTES } from "../functions/build";
import { projectRoot } from "../local/places";

describe("the job that checks the size of the function's bundle", () => {
  it("shows the size on the run's page, and fails if it exceeds the limit", () => {
    const folder = mkdtempSync(join(tmpdir(), "qt-bundle-"));
    try {
      const page = join(folder, "page.md");
      const weigh = (...limit: string[]) =>
        spawnSync(process.execPath, ["scripts/bootstrap.mjs", "scripts/ci/bundle-size.ts", ...limit], {
          cwd: projectRoot,
          encoding: "utf8",
          env: { ...process.env, GITHUB_STEP_SUMMARY: page },
        });
      const within = weigh();
      assert.equal(within.status, 0, within.stderr);
      const limit = BUNDLE_LIMIT_BYTES.toLocaleString("en");
      assert.match(within.stdout, new RegExp(`^Function bundle: [\\d,]+ of ${limit} bytes\n$`));
      assert.equal(readFileSync(page, "utf8"), within.stdout);
      const [, size = ""] = /: ([\d,]+) of/.exec(within.stdout) ?? [];
      assert.equal(weigh(size.replaceAll(",", "")).status, 1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
