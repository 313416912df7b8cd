import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "./support/stand-in";

function npm(folder: string, ...args: string[]) {
  const result = spawnSync("npm", ["run", "--silent", ...args], {
    cwd: projectRoot,
    encoding: "utf8",
    env: { ...process.env, QT_LOCAL_FOLDER: folder, CI: "true" },
  });
  return { status: result.status, out: result.stdout, err: result.stderr };
}

describe("The commands as people type them", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "qt-start-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("npm start -- --once lands, syncs, changes, syncs, compares, and exits 0", () => {
    const { status, out, err } = npm(folder, "start", "--", "--once", "--rows", "500", "--json");
    assert.equal(status, 0, err);
    const result = JSON.parse(out);
    assert.equal(result.landed[0].load.inserted, 500);
    const { changed, added, deleted } = result.landed[1].manifest;
    const second = result.syncs[1];
    assert.deepEqual([second.updates, second.inserts, second.deletes], [changed, added, deleted]);
    assert.equal(result.compared.destinationWithTable, result.landed[1].manifest.rows);
    assert.ok(!existsSync(join(folder, "environment.json")), "the environment file outlived its process");
  });

  it("up, event, sync, load, status, down work one after the other", () => {
    const up = npm(folder, "local", "--", "up", "--json");
    assert.equal(up.status, 0, up.err);
    try {
      assert.ok(existsSync(join(folder, "environment.json")));
      assert.match(npm(folder, "local", "--", "up").err, /QT9004/);
      const event = npm(folder, "local", "--", "event", "--rows", "500", "--json");
      assert.equal(event.status, 0, event.err);
      assert.equal(JSON.parse(event.out).status, "published");
      assert.match(npm(folder, "local", "--", "event", "--file", "/no/such.csv").err, /QT9016/);
      const sync = npm(folder, "local", "--", "sync", "--json");
      assert.ok(JSON.parse(sync.out).updates > 0, sync.err);
      const load = npm(folder, "load", "--", "--all", "--allow-shrink", "--json");
      assert.equal(load.status, 0, load.err);
      assert.match(npm(folder, "load", "--", "nobody").err, /QT9005/);
      const status = JSON.parse(npm(folder, "local", "--", "status", "--json").out);
      assert.equal(status.datasets.length, 2);
    } finally {
      const down = npm(folder, "local", "--", "down");
      assert.equal(down.status, 0, down.err);
    }
    assert.ok(!existsSync(folder));
    assert.match(npm(folder, "local", "--", "status").err, /QT9003/);
  });

  it("a failure is JSON too where JSON is asked for, the same for every command", () => {
    const failing: [code: string, ...args: string[]][] = [
      ["QT9003", "local", "--", "status", "--json"],
      ["QT9003", "local", "--", "sync", "--json"],
      ["QT9003", "local", "--", "event", "--json"],
      ["QT9003", "load", "--", "--json", "--all"],
      ["QT9018", "load", "--", "--json"],
      ["QT9018", "local", "--", "status", "--jason", "--json"],
      ["QT9018", "local", "--", "nothing", "--json"],
    ];
    for (const [code, ...args] of failing) {
      const { status, out, err } = npm(folder, ...args);
      assert.equal(status, 1, args.join(" "));
      assert.notEqual(err, "");
      const { error } = JSON.parse(out);
      assert.equal(error.code, code, out);
      assert.deepEqual(Object.keys(error), ["code", "message", "safe", "next"]);
    }
    assert.equal(npm(folder, "local", "--", "status").out, "");
  });

  it("every command explains itself", () => {
    for (const args of [["start"], ["local"], ["load"], ["bench"], ["test"]]) {
      const { status, out } = npm(folder, ...args, "--", "--help");
      assert.equal(status, 0, args.join(" "));
      assert.match(out, /--|usage/i);
    }
    for (const name of ["up", "event", "sync", "status", "reset", "down"]) {
      assert.match(npm(folder, "local", "--", name, "--help").out, /Usage/);
    }
  });
});
