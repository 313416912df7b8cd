import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { goldenFolder } from "./golden-files";

const page = readFileSync(path.join(__dirname, "../../docs/sql-server-limits.md"), "utf8");

/** The recorded statements of one call of a scenario. */
function statements(scenario: string, call: string): string[] {
  const text = readFileSync(path.join(goldenFolder, `${scenario}.sql`), "utf8");
  const calls = text.split(/^-- (?!qt\.)/m);
  const found = calls.filter((one) => one.startsWith(`${call}\n`));
  assert.equal(found.length, 1, `${scenario}: ${call}`);
  return (found[0] ?? "").split(/^GO$/m).filter((one) => one.includes("\n"));
}

/** How often a publish goes through the snapshot, its typed values and the landed table, and which statements write the latter. */
function passes(all: readonly string[]): string[] {
  const reads = (of: RegExp) => all.reduce((sum, statement) => sum + [...statement.matchAll(of)].length, 0);
  const writes = (of: RegExp) => all.filter((statement) => of.test(statement)).length;
  return [
    reads(/\b(?:from|join)\s+staging\./g),
    reads(/\bfrom\s+#typed\b/g),
    reads(/\bfull join\s+data\./g),
    writes(/\binsert into data\./),
    writes(/\bupdate l\s/),
  ].map(String);
}

describe("a publish in T-SQL", () => {
  const documented = [...page.matchAll(/^\| (first|later), (text|typed) \|((?: \d+ \|){5})$/gm)];
  const scenarios = new Map([
    ["first, text", ["drift", "first publish"]],
    ["later, text", ["hostile-headers-keyed", "publish of the same"]],
    ["first, typed", ["erasures", "first publish"]],
    ["later, typed", ["drift", "publish of a new column"]],
  ] as const);

  it("goes through the data as often as the page says", () => {
    assert.equal(documented.length, scenarios.size);
    for (const [, when, kind, numbers = ""] of documented) {
      const [scenario = "", call = ""] = scenarios.get(`${when}, ${kind}` as "first, text") ?? [];
      const expected = numbers.split("|").flatMap((number) => number.trim() || []);
      assert.deepEqual(passes(statements(scenario, call)), expected, `${when}, ${kind}`);
    }
  });

  it("spools nothing but the typed values and the difference", () => {
    for (const [scenario, call] of scenarios.values())
      for (const statement of statements(scenario, call)) {
        const [, filled] = /^insert into (#\w+)/m.exec(statement) ?? [];
        assert.ok(filled === undefined || ["#typed", "#delta"].includes(filled), filled);
      }
  });
});
