import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, globSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { temporaryFolder } from "../packages/kit/testing/temporary-folder";

const root = realpathSync(join(__dirname, ".."));

/** Loaded before the suites: opening a file of this repository outside its node_modules is an error. */
const guard = `
const { sep } = require("node:path");
const fs = require("node:fs");
const [root, packages] = [${JSON.stringify(root)} + sep, ${JSON.stringify(join(root, "node_modules"))}];
const refuse = (path) => {
  const text = path instanceof URL ? path.pathname : String(path);
  if (text.startsWith(root) && text !== packages && !text.startsWith(packages + sep)) throw new Error("outside: " + text);
};
for (const part of [fs, fs.promises]) {
  for (const name of ["open", "openSync", "readFile", "readFileSync", "readdir", "readdirSync", "createReadStream"]) {
    const original = part[name];
    if (original) part[name] = function (path, ...rest) { refuse(path); return original.call(this, path, ...rest); };
  }
}
`;

describe("The packages alone", () => {
  const folder = temporaryFolder();

  it("pass their unit suites and their example in an empty folder", async () => {
    const place = folder();
    cpSync(join(root, "packages"), join(place, "packages"), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(place, "node_modules"), "junction");
    writeFileSync(join(place, "guard.cjs"), guard);
    const suites = globSync(["packages/**/*.test.ts", "packages/*/examples/**/*.itest.ts"], { cwd: place });
    assert.ok(suites.length > 50);
    const mocha = join(place, "node_modules", "mocha", "bin", "mocha.js");
    const settings = ["--no-config", "--require", "tsx/cjs", "--extension", "ts", "--timeout", "600000"];
    const { QT_TEST_REPORT: _, NODE_OPTIONS = "", ...env } = process.env;
    const child = spawn(process.execPath, [mocha, ...settings, "--reporter", "dot", ...suites], {
      cwd: place,
      env: { ...env, NODE_OPTIONS: `${NODE_OPTIONS} --require=${join(place, "guard.cjs")}`.trim() },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const code = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const output = (await Promise.all([text(child.stdout), text(child.stderr)])).join("");
    assert.equal(await code, 0, output);
    assert.match(output, /\d{3,} passing/);
    assert.doesNotMatch(output, /failing/);
  });
});
