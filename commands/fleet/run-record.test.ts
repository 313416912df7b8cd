import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inheritedNames } from "../../packages/kit/testing/inherited-names";
import { temporaryFolder } from "../../packages/kit/testing/temporary-folder";
import { runFiles } from "./run-files";
import { lockRun } from "./run-lock";
import { lastRun, leftToDo, otherCommits, RunRecord } from "./run-record";

describe("The record of a run", () => {
  const folder = temporaryFolder();
  const file = () => join(folder(), ".fleet", "up.json");
  const put = (text: string) => {
    mkdirSync(dirname(file()), { recursive: true });
    writeFileSync(file(), text);
  };
  const record = (
    tenants: readonly string[],
    commit?: string,
    onTrouble: (text: string) => void = assert.fail,
  ) => new RunRecord({ file: file(), tenants, commit, onTrouble });
  const written = () => JSON.parse(readFileSync(file(), "utf8")) as unknown;

  it("has every tenant from the beginning, and each tenant's end at once", () => {
    const run = record(["a", "b"], "c1");
    const notStarted = { status: "not started", commit: "c1" };
    assert.deepEqual(written(), { version: 2, tenants: { a: notStarted, b: notStarted } });
    run.set("a", "failed");
    assert.deepEqual(written(), {
      version: 2,
      tenants: { a: { status: "failed", commit: "c1" }, b: notStarted },
    });
    assert.ok(readFileSync(file(), "utf8").endsWith("\n}\n"));
    assert.deepEqual(readdirSync(dirname(file())), ["up.json"]);
  });

  it("keeps the tenants of earlier runs", () => {
    record(["a", "b"], "c1").set("a", "done");
    record(["b"]);
    assert.ok(!readFileSync(file(), "utf8").includes("undefined"));
    assert.deepEqual(lastRun(file(), "x"), {
      a: { status: "done", commit: "c1" },
      b: { status: "not started" },
    });
  });

  it("reports once that it cannot be written, and the run continues", () => {
    mkdirSync(file(), { recursive: true });
    const troubles: string[] = [];
    const run = record(["a"], undefined, (text) => troubles.push(text));
    run.set("a", "done");
    run.set("a", "failed");
    assert.equal(troubles.length, 1);
    assert.match(troubles[0] ?? "", /^--resume will not know about this run: E[A-Z]+: /);
  });

  it("is refused if there is none, or if it has another form", () => {
    const refused = { code: "QT9512", details: { command: "npm run fleet -- up", file: file() } };
    const read = () => lastRun(file(), "npm run fleet -- up");
    assert.throws(read, refused);
    const entry = { status: "done", commit: "c" };
    for (const text of [
      "{",
      "{}",
      JSON.stringify({ version: 1, tenants: { a: entry } }),
      JSON.stringify({ version: 2, tenants: { a: { ...entry, status: "other" } } }),
      JSON.stringify({ version: 2, tenants: { a: { ...entry, commit: 7 } } }),
    ]) {
      put(text);
      assert.throws(read, refused, text);
    }
    for (const status of ["done", "failed", "stopped", "not started"]) {
      put(JSON.stringify({ version: 2, tenants: { a: { status } } }));
      assert.deepEqual(read(), { a: { status } });
    }
  });

  it("leaves to do what is not done and still exists", () => {
    const last = {
      a: { status: "done" },
      b: { status: "failed" },
      c: { status: "stopped" },
      d: { status: "not started" },
      gone: { status: "failed" },
    } as const;
    assert.deepEqual(leftToDo(last, ["a", "b", "c", "d", "new"]), ["b", "c", "d"]);
    // Tenants may have such names too.
    assert.deepEqual(leftToDo(last, inheritedNames), []);
  });

  it("lists what was done at other commits, commit by commit", () => {
    const last = {
      a: { status: "done", commit: "c1" },
      b: { status: "done", commit: "c2" },
      c: { status: "done", commit: "c1" },
      d: { status: "done", commit: "now" },
      e: { status: "failed", commit: "c1" },
      f: { status: "done" },
    } as const;
    assert.deepEqual(otherCommits(last, "now"), [
      "Already done at another commit, and left as is: a, c (c1). This checkout is at now.",
      "Already done at another commit, and left as is: b (c2). This checkout is at now.",
    ]);
    assert.match(otherCommits({ a: last.a }, undefined)[0] ?? "", /\(c1\)\. This checkout is at none\.$/);
    assert.deepEqual(otherCommits({ f: last.f }, undefined), []);
  });
});

describe("The files of a run", () => {
  it("are separate for each verb, and for the cloud and the emulator", () => {
    const at = (name: string) => join("root", ".fleet", name);
    assert.deepEqual(runFiles("root", "up", false), { record: at("up.json"), lock: at("up.lock") });
    assert.deepEqual(runFiles("root", "destroy", true), {
      record: at("destroy.local.json"),
      lock: at("destroy.local.lock"),
    });
  });
});

describe("The lock of a run", () => {
  const folder = temporaryFolder();

  it("allows one run at a time, and another one after its release", () => {
    const file = join(folder(), "new", ".fleet", "up.lock");
    const release = lockRun(file, "npm run fleet -- up");
    assert.throws(() => lockRun(file, "npm run fleet -- up"), {
      code: "QT9517",
      details: { command: "npm run fleet -- up", pid: process.pid, file },
    });
    release();
    assert.ok(!existsSync(file));
    lockRun(file, "npm run fleet -- up")();
  });

  it("is skipped if it cannot be written", () => {
    const inTheWay = join(folder(), "file");
    writeFileSync(inTheWay, "");
    lockRun(join(inTheWay, "up.lock"), "npm run fleet -- up")();
  });
});
