import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { projectRoot } from "../local/places";

describe("npm start, after a change that the database refuses", () => {
  const project = mkdtempSync(join(tmpdir(), "qt-refused-"));
  const left = new Set(["node_modules", ".git", ".local"]);
  const command = ["start", "--", "--pulumi", "in-process", "--rows", "200"];
  const env = { ...process.env, CI: "true" };

  before(() => {
    cpSync(projectRoot, project, { recursive: true, filter: (path) => !left.has(basename(path)) });
    symlinkSync(join(projectRoot, "node_modules"), join(project, "node_modules"));
  });
  after(() => rmSync(project, { recursive: true, force: true }));

  it("says what is refused, and keeps up what was deployed before", async () => {
    const first = spawnSync("npm", ["run", ...command, "--once"], { cwd: project, env, encoding: "utf8" });
    assert.equal(first.status, 0, first.stderr);
    const file = join(project, "Pulumi.dev.yaml");
    const text = readFileSync(file, "utf8");
    const changed = text.replace(
      "Inception Date: {type: date}",
      "Inception Date: {type: date}\n        Broker: {type: int}",
    );
    assert.notEqual(changed, text);
    writeFileSync(file, changed);

    const child = spawn(
      "node",
      ["scripts/bootstrap.mjs", "commands/local/cli.ts", ...command.filter((word) => word !== "--")],
      {
        cwd: project,
        env,
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    let said = "";
    const address = /Still up, with what was deployed before: (\S+)/;
    for await (const chunk of child.stderr) {
      said += String(chunk);
      if (address.test(said)) break;
    }
    assert.match(said, /QT4024: Column "Broker" .* cannot become int/);
    const console = await fetch(address.exec(said)?.[1] ?? "");
    assert.equal(console.status, 200);
    const ended = once(child, "exit");
    child.kill("SIGINT");
    assert.deepEqual(await ended, [1, null]);
  });
});
