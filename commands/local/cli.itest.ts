import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../infra/project-text";

/** Runs `npm run load` for a stack that runs nowhere. */
function load(...args: string[]) {
  const command = [
    "scripts/bootstrap.mjs",
    join("commands", "local", "cli.ts"),
    "load",
    "--stack",
    "nowhere",
    ...args,
  ];
  const { status, stderr } = spawnSync(process.execPath, command, { cwd: projectRoot, encoding: "utf8" });
  return { status, stderr };
}

describe("the options of npm run load", () => {
  const refused: [args: string[], reason: RegExp][] = [
    [[], /name one dataset, or pass --all/],
    [["--erase", "d"], /name the row with --key column=value/],
    [["--lift", "d"], /name the row with --key column=value/],
    [["d", "--erase", "d", "--key", "id=1"], /name what they are for/],
    [["d", "--release", "t"], /name what they are for/],
    [["d", "--key", "id=1"], /--key needs --erase or --lift/],
    [["--release", "t", "--key", "id=1"], /--key needs --erase or --lift/],
    [["--erase", "d", "--key", "id"], /Write column=value\./],
    [["--erase", "d", "--key", "=1"], /Write column=value\./],
    [["--erase", "d", "--key", "id=1", "--key", "id=2"], /Name each column once\./],
    [["--erase", "d", "--lift", "d", "--key", "id=1"], /cannot be used with/],
    [["--release", "t", "--all"], /cannot be used with/],
  ];
  for (const [args, reason] of refused) {
    it(`refuse ${args.join(" ") || "nothing"}`, () => {
      const { status, stderr } = load(...args);
      assert.equal(status, 1);
      assert.match(stderr, reason);
    });
  }

  it("take a key, and then need a running stack", () => {
    for (const args of [
      ["--erase", "d", "--key", "Policy ID=a=b", "--key", "line="],
      ["--lift", "d", "--key", "id=1"],
      ["--release", "t"],
    ])
      assert.match(load(...args).stderr, /QT9003/);
  });
});
