import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../packages/kit/testing/temporary-folder";
import { outcomeOf, type TenantOutcome } from "./outcome";
import { checkReportFiles, jsonReport, summaryOf, textReport, writeReports } from "./report";
import { changesFromEvents, renderMarkdown } from "./summary";

describe("The report of a run", () => {
  const text = textReport;
  const step = { op: "update", urn: "urn:pulumi:b::quantemplate::azure-native:sql:Database::db" };

  it("suggests the command to continue, with --local if the run had it", () => {
    const left = [outcomeOf("a", "failed", "why")];
    const events = [
      { sequence: 0, resOutputsEvent: { metadata: step }, resourcePreEvent: { metadata: step } },
    ];
    const drifted = [
      outcomeOf("a", "done"),
      { ...outcomeOf("b", "done"), changes: changesFromEvents(events, { stack: "b" }) },
    ];
    for (const isLocal of [false, true]) {
      const local = isLocal ? " --local" : "";
      const options = { isLocal, colour: false };
      assert.ok(
        text("up", left, options).endsWith(
          `To continue with the rest: npm run fleet -- up${local} --resume\n`,
        ),
      );
      assert.ok(
        text("drift", drifted, options).includes(`npm run fleet -- up${local} --refresh --tenant b\n`),
      );
      assert.doesNotMatch(text("preview", drifted, options), /put it back/);
      assert.doesNotMatch(text("drift", drifted.slice(0, 1), options), /put it back/);
    }
  });

  it("shows no secret in outputs or reasons, and no escape", () => {
    const outcome = {
      ...outcomeOf("a", "failed", "GET https://x/?code=PLAINSECRET\u001b[2J"),
      outputs: { url: "https://x/?code=PLAINSECRET", password: "PLAINSECRET", name: "a\u001b[2J", count: 2 },
    };
    const shown = text("outputs", [outcome], { isLocal: false, colour: false });
    const json = jsonReport("outputs", [outcome]);
    for (const all of [shown, json]) assert.ok(!all.includes("PLAINSECRET") && !all.includes("\u001b"), all);
    assert.match(shown, /name: a\\u\{1b\}\[2J\n {2}count: 2\n/);
  });

  /** An outcome with one update. */
  const changed = (tenant: string): TenantOutcome => ({
    ...outcomeOf(tenant, "done"),
    changes: changesFromEvents(
      [
        { sequence: 0, resourcePreEvent: { metadata: step } },
        { sequence: 1, summaryEvent: {} },
      ],
      {
        stack: "b",
      },
    ),
  });

  it("says how to put drift back, and how to keep it", () => {
    const drifted = [changed("b"), outcomeOf("a", "done"), changed("c")];
    assert.ok(
      text("drift", drifted, { isLocal: false, colour: false }).endsWith(
        `
To put it back: npm run fleet -- up --refresh --tenant b,c
To keep it: change the program or the tenant's settings accordingly, then run the same command.
`,
      ),
    );
  });

  it("lists what is left of each tenant, with the next command, after the changes", () => {
    const outcomes = [
      changed("b"),
      outcomeOf("c", "failed", "why", { next: "npm run x" }),
      outcomeOf("d", "not started"),
    ];
    const options = { isLocal: false, colour: false };
    const shown = text("up", outcomes, options);
    assert.match(shown, /^Changes in 1 of 2 tenants/);
    const left = "1 of 3 done. Left:\n  c: failed; next: npm run x\n  d: not started\n";
    const resume = "To continue with the rest: npm run fleet -- up --resume\n";
    assert.ok(shown.endsWith(`\n\n${left}${resume}`), shown);
    assert.ok(text("destroy", outcomes, options).endsWith(resume.replace("up", "destroy")));
    for (const verb of ["preview", "drift", "outputs"] as const)
      assert.ok(text(verb, outcomes, options).endsWith(`\n\n${left}`), verb);
    assert.doesNotMatch(text("up", outcomes.slice(0, 1), options), /done|continue/);
    // Nothing was started, so there are no changes to show.
    assert.equal(text("preview", outcomes.slice(2), options), "0 of 1 done. Left:\n  d: not started\n");
  });

  it("shows the outputs tenant by tenant, and no changes", () => {
    const outcomes = [
      { ...outcomeOf("a", "done"), outputs: { name: "x", list: [1, "y"] } },
      { ...changed("b"), outputs: {} },
      outcomeOf("c", "done"),
    ];
    const shown = text("outputs", outcomes, { isLocal: false, colour: false });
    assert.equal(shown, 'a\n  name: x\n  list: [1,"y"]\n\nb\n\nc\n');
  });

  it("has colours only if asked for", () => {
    for (const colour of [true, false])
      assert.equal(text("up", [changed("b")], { isLocal: false, colour }).includes("\u001b["), colour);
  });

  it("has the documented JSON form", () => {
    const outcomes = [
      { ...outcomeOf("a", "done", undefined, { durationMs: 7 }), outputs: { name: "x" } },
      outcomeOf("b", "failed", "why", { next: "npm run x" }),
      outcomeOf("c", "not started"),
    ];
    const json = jsonReport("outputs", outcomes);
    const { verb, tenants, summary } = JSON.parse(json) as {
      verb: unknown;
      tenants: unknown;
      summary: { version: number; stacks: { stack: string }[] };
    };
    assert.deepEqual(verb, "outputs");
    assert.deepEqual(tenants, [
      { tenant: "a", status: "done", durationMs: 7, outputs: { name: "x" } },
      { tenant: "b", status: "failed", durationMs: 0, next: "npm run x" },
      { tenant: "c", status: "not started", durationMs: 0 },
    ]);
    assert.deepEqual([summary.version, summary.stacks.map(({ stack }) => stack)], [1, ["a", "b"]]);
    assert.ok(json.endsWith("\n}\n"));
  });
});

describe("The report files of a run", () => {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder(), ...names);

  it("are checked before the run, without a trace except their folders", () => {
    checkReportFiles({ commentLimit: 1 });
    checkReportFiles({ markdown: at("new", "a.md"), artifact: at("b.md"), commentLimit: 1 });
    assert.ok(existsSync(at("new")) && !existsSync(at("new", "a.md")) && !existsSync(at("b.md")));
    writeFileSync(at("old.md"), "old");
    checkReportFiles({ markdown: at("old.md"), commentLimit: 1 });
    assert.equal(readFileSync(at("old.md"), "utf8"), "old");
  });

  it("are refused, with their option, if they cannot be written", () => {
    mkdirSync(at("folder.md"));
    const file = at("folder.md");
    for (const [option, files] of [
      ["--markdown", { markdown: file }],
      ["--artifact", { markdown: at("a.md"), artifact: file }],
    ] as const)
      assert.throws(
        () => checkReportFiles({ ...files, commentLimit: 1 }),
        (error: { code?: unknown; details?: { reason?: unknown } }) => {
          const { reason, ...details } = error.details ?? {};
          assert.deepEqual([error.code, details], ["QT9516", { file, option }]);
          assert.match(String(reason), /^EISDIR/);
          return true;
        },
      );
  });

  it("have the summary of what was started: within the limit, and complete", () => {
    const problem = `why\n${"more\n".repeat(30)}`;
    const outcomes = [outcomeOf("a", "failed", problem), outcomeOf("b", "not started")];
    const files = { markdown: at("x", "a.md"), artifact: at("y", "b.md"), commentLimit: 90 };
    writeReports(outcomes, files);
    const summary = summaryOf(outcomes);
    assert.deepEqual(
      summary.stacks.map(({ stack }) => stack),
      ["a"],
    );
    assert.equal(readFileSync(files.markdown, "utf8"), renderMarkdown(summary, { limit: 90 }));
    assert.equal(readFileSync(files.artifact, "utf8"), renderMarkdown(summary));
    assert.notEqual(readFileSync(files.markdown, "utf8"), readFileSync(files.artifact, "utf8"));
    writeReports(outcomes, { commentLimit: 90 });
  });
});
