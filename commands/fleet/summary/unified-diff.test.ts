import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { PropertyChange } from "./model";
import { unifiedDiff } from "./unified-diff";

const change = (texts: Pick<PropertyChange, "before" | "after">, path = "file.txt"): PropertyChange => ({
  path,
  kind: "update",
  form: "text",
  secret: false,
  replaces: false,
  ...texts,
});
const step = { name: "failed-loads", file: "file.txt" };

describe("A unified diff", () => {
  it("begins as in git for a new file and for a deleted one", () => {
    const [from, to, hunk] = unifiedDiff(change({ after: "a\nb\n" }), step).split("\n");
    assert.deepEqual([from, to, hunk], ["--- /dev/null", "+++ b/file.txt", "@@ -0,0 +1,2 @@"]);
    const gone = unifiedDiff(change({ before: "a\nb\n" }), step).split("\n");
    assert.deepEqual(gone.slice(0, 3), ["--- a/file.txt", "+++ /dev/null", "@@ -1,2 +0,0 @@"]);
  });

  it("names the resource of a property", () => {
    const text = unifiedDiff(change({ before: "a\n", after: "b\n" }, "criteria.allOf"), step);
    assert.match(
      text,
      /^--- failed-loads: criteria\.allOf\n\+\+\+ failed-loads: criteria\.allOf\n@@ -1,1 \+1,1 @@\n/,
    );
  });

  it("shows an added or removed final line end, but not one that both sides lack", () => {
    const lines = (before: string, after: string) =>
      unifiedDiff(change({ before, after }), step).split("\n").slice(2);
    const lacks = "\\ No newline at end of file";
    assert.deepEqual(lines("a", "a\n"), ["@@ -1,1 +1,1 @@", "-a", lacks, "+a"]);
    assert.deepEqual(lines("a\n", "a"), ["@@ -1,1 +1,1 @@", "-a", "+a", lacks]);
    assert.deepEqual(lines("a", "b"), ["@@ -1,1 +1,1 @@", "-a", "+b"]);
  });

  /** The places that the hunks name. */
  const places = (before: string, after: string) =>
    [...unifiedDiff(change({ before, after }), step).matchAll(/^@@ [^@]* @@(.*)$/gm)].map(
      ([, place]) => place,
    );
  const changed = (lines: readonly string[]) =>
    places(lines.join("\n"), lines.join("\n").replaceAll("OLD", "NEW"));

  it("names the nearest object around a difference in JSON, one for each hunk", () => {
    const activity = (name: string, value: string) => [
      "    {",
      `      "name": "${name}",`,
      '      "a": 1,',
      "",
      '      "b": {',
      '        "c": {',
      '          "d": 2',
      "        },",
      `        "x": "${value}"`,
      "      }",
      "    },",
    ];
    const rest = Array.from({ length: 9 }, (_, index) => `    ${index},`);
    const list = ['  "list": [', ...activity("one", "OLD"), ...rest, ...activity("two", "OLD"), "  ]"];
    assert.deepEqual(changed(list), [' "one"', ' "two"']);
    // Neither a name inside a sibling, nor one that is only part of the line.
    assert.deepEqual(changed(["  {", '    "name": "inner"', "  },", '  "x": "OLD"']), [""]);
    assert.deepEqual(changed(["  {", '    "x": { "name": "y" }, "z": 1', '    "x": "OLD"']), [""]);
    assert.deepEqual(changed(["  {", '    "name": "y", "z": 1', '    "x": "OLD"']), [""]);
    assert.deepEqual(changed(["  {", '    "name": "last"', '    "x": "OLD"']), [' "last"']);
  });

  it("names the function around a difference in a script", () => {
    const body = ["    $a = 1", "    $b = 2", "    $c = 3"];
    const script = [
      "Function Get-A {",
      ...body,
      "    OLD",
      "}",
      "",
      "function Get-B {  ",
      ...body,
      "    OLD",
      "}",
    ];
    const far = [...script.slice(0, 7), ...body, ...body, ...script.slice(7)];
    assert.deepEqual(changed(far), [" Function Get-A {", " function Get-B {"]);
    assert.deepEqual(changed(["# function x", "    OLD"]), [""]);
    assert.deepEqual(changed(["OLD"]), [""]);
  });

  it("shows three lines around a difference, and two texts with little in common as rewritten", () => {
    const lines = Array.from({ length: 20 }, (_, index) => `${index}`);
    const hunk = unifiedDiff(
      change({ before: lines.join("\n"), after: lines.with(10, "x").join("\n") }),
      step,
    );
    assert.deepEqual(hunk.split("\n").slice(2), [
      ...["@@ -8,7 +8,7 @@", " 7", " 8", " 9", "-10", "+x", " 11", " 12", " 13"],
    ]);
    const long = (letter: string, number: number) =>
      Array.from({ length: number }, (_, index) => `${letter}${index}`).join("\n");
    assert.equal(
      unifiedDiff(change({ before: long("a", 2500), after: `${long("b", 2600)}\n` }), step),
      "--- a/file.txt\n+++ b/file.txt\n@@ rewritten: 2500 lines before, 2600 after @@",
    );
  });

  it("can be applied by git", () => {
    const folder = mkdtempSync(join(tmpdir(), "qt-diff-"));
    const git = (...args: string[]) =>
      execFileSync("git", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const text = fc
      .tuple(
        fc.array(fc.constantFrom("a", "b", "c", "  d", "+e", "-f"), { maxLength: 14 }),
        fc.constantFrom("\n", "\n", ""),
      )
      .map(([lines, end]) => (lines.length === 0 ? "" : `${lines.join("\n")}${end}`));
    try {
      git("init", "-q");
      fc.assert(
        fc.property(text, text, (before, after) => {
          fc.pre(before !== after && before !== "" && after !== "");
          fc.pre(before.endsWith("\n") || after.endsWith("\n"));
          writeFileSync(join(folder, "file.txt"), before);
          writeFileSync(join(folder, "patch"), `${unifiedDiff(change({ before, after }), step)}\n`);
          git("apply", "patch");
          assert.equal(readFileSync(join(folder, "file.txt"), "utf8"), after);
        }),
        { numRuns: 15 },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
