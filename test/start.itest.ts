import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npm } from "./support/npm";

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

  it("with --json every command reports a failure as JSON, in the same form", () => {
    const failing: [code: string, ...args: string[]][] = [
      ["QT9003", "local", "--", "status", "--json"],
      ["QT9003", "local", "--", "env", "--json"],
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

  it("npm run load takes one version, or a range that has a beginning and no end before it", () => {
    const load = (options: string) => npm(folder, "load", "--", "d-1", ...options.split(" "));
    for (const options of [
      "--version 2",
      "--from-version 2",
      "--from-version 2 --to-version 2 --allow-older",
    ])
      assert.match(load(options).err, /^QT9003/, options);
    for (const options of [
      "--version 0",
      "--version 1.5",
      "--version 2 --from-version 1",
      "--version 2 --to-version 3",
      "--to-version 3",
      "--from-version 3 --to-version 2",
      "--from-version 2 --all",
    ])
      assert.match(load(options).err, /^error: .*--(from-|to-)?version/, options);
  });

  it("every command has a help text", () => {
    for (const args of [["start"], ["local"], ["load"], ["bench"], ["test"]]) {
      const { status, out } = npm(folder, ...args, "--", "--help");
      assert.equal(status, 0, args.join(" "));
      assert.match(out, /--|usage/i);
    }
    const verbs = [...npm(folder, "local", "--", "--help").out.matchAll(/^ {2}(\w+) \[options\]/gm)];
    assert.ok(verbs.length >= 8, verbs.join());
    for (const [, name = ""] of verbs) {
      assert.match(npm(folder, "local", "--", name, "--help").out, new RegExp(`Usage: .* ${name} `), name);
    }
  });
});
