import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { projectRoot } from "../local/places";

describe("a change that the database refuses", () => {
  const project = mkdtempSync(join(tmpdir(), "qt-refused-"));
  const left = new Set(["node_modules", ".git", ".local"]);
  const engine = ["--pulumi", "in-process"];
  const env = { ...process.env, CI: "true" };
  const run = (...args: string[]) =>
    spawnSync("npm", ["run", "--silent", ...args], { cwd: project, env, encoding: "utf8" });

  before(() => {
    cpSync(projectRoot, project, { recursive: true, filter: (path) => !left.has(basename(path)) });
    symlinkSync(join(projectRoot, "node_modules"), join(project, "node_modules"));
    const first = run("start", "--", ...engine, "--rows", "200", "--once");
    assert.equal(first.status, 0, first.stderr);
    const file = join(project, "Pulumi.dev.yaml");
    const text = readFileSync(file, "utf8");
    const declared = "Inception Date: {type: date}";
    writeFileSync(file, text.replace(declared, `${declared}\n        Broker: {type: int}`));
    assert.notEqual(readFileSync(file, "utf8"), text);
  });
  after(() => {
    run("local", "--", "stop");
    rmSync(project, { recursive: true, force: true });
  });

  it("leaves npm start up, with what was deployed before", async () => {
    const args = ["scripts/bootstrap.mjs", "commands/local/cli.ts", "start", ...engine];
    const child = spawn("node", args, { cwd: project, env, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    const address = /Still up, with what was deployed before: (\S+)/;
    for await (const chunk of child.stderr) {
      said += String(chunk);
      if (address.test(said)) break;
    }
    assert.match(said, /QT4024: .*"?Broker"? .*cannot become int/);
    const console = await fetch(address.exec(said)?.[1] ?? "");
    assert.equal(console.status, 200);
    const ended = once(child, "exit");
    child.kill("SIGINT");
    assert.deepEqual(await ended, [1, null]);
  });

  it("leaves npm run local -- up running, with what was deployed before", async () => {
    const up = run("local", "--", "up", ...engine);
    assert.equal(up.status, 1);
    assert.match(up.stderr, /QT9024: The deployment failed: .*QT4024: .*cannot become int/s);
    const address = /What was deployed before is up: (http\S+?)[.]\s/.exec(up.stderr)?.[1] ?? "";
    assert.equal((await fetch(address)).status, 200, up.stderr);
    const loaded = run("load", "--", "d-bordereau-premium", "--json");
    assert.equal(loaded.status, 0, loaded.stderr);
    assert.match(run("local", "--", "stop", "--json").stdout, /"stopped":true/);
  });
});
