import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { skip } from "../../packages/kit/testing/skip";
import { lintTsql } from "../lint/lint";
import { tokensOf } from "../lint/tokens";
import { readMigrationFiles, tsqlFolder } from "../migration-files";
import { limits } from "../sizes/row-size";
import type { StatementSize } from "../sizes/statement-size";
import { checksumsFile, checksumsOf, goldenFolder, type Sizes, sizesFile } from "./golden-files";
import { measuredTypes, measuredWidths, scenarios } from "./scenarios";

const read = (file: string) => readFileSync(file, "utf8");
const texts = (folder: string) =>
  globSync("**/*.sql", { cwd: folder })
    .sort()
    .map((name) => ({ name, text: read(path.join(folder, name)) }));
const generated = texts(goldenFolder);

describe("the recorded statements", () => {
  it("were recorded from the current files", () => {
    assert.deepEqual(
      JSON.parse(read(checksumsFile)),
      checksumsOf(readMigrationFiles()),
      "database/tsql/ has changed: run `SQLSERVER_URL=mssql://… npm run golden:tsql` and review the changes in database/generated/",
    );
  });

  it("are one file for each scenario, none without a statement", () => {
    assert.deepEqual(
      generated.map(({ name }) => name).sort(),
      scenarios.map(({ name }) => `${name}.sql`).sort(),
    );
    for (const { name, text } of generated) assert.match(text, /^GO$/m, name);
  });

  it("come from every procedure that runs generated statements", () => {
    const procedures = readMigrationFiles()
      .filter(({ text }) => /\bexec\s*\(@|sp_executesql/.test(text))
      // A numbered file runs before every scenario; publish.itest.ts tests the one that empties deleted rows.
      .filter(({ name }) => !name.startsWith("migrations/"))
      // It generates one only for more than 304 columns of text, and it is as long; drift.itest.ts runs it.
      .filter(({ name }) => !name.endsWith("/guard-row-size.sql"))
      .map(({ text }) => /^alter procedure qt\.(\w+)/m.exec(text)?.[1]);
    const recorded = new Set(
      generated.flatMap(({ text }) => [...text.matchAll(/^-- qt\.(\w+)/gm)].map(([, name]) => name)),
    );
    assert.deepEqual([...recorded].sort(), procedures.sort());
  });

  it("pass the lint", () => {
    assert.deepEqual(lintTsql(generated, [...generated, ...texts(tsqlFolder)]), []);
  });

  it("contain no name that is too long", () => {
    for (const { name, text } of generated)
      for (const token of tokensOf(text))
        if (token.kind === "name")
          assert.ok(token.text.length <= limits.nameCharacters, `${name}: ${token.text}`);
  });

  it("stay within a statement's limits on the widest tables, with the numbers that the page lists", () => {
    const page = read(path.join(__dirname, "../../docs/sql-server-limits.md"));
    const sizes = JSON.parse(read(sizesFile)) as Sizes;
    assert.deepEqual(Object.keys(sizes), measuredTypes);
    for (const [type, [narrow = {}, wide = {}]] of Object.entries(sizes)) {
      const calls = Object.keys(narrow);
      assert.ok(calls.length >= 3, calls.join());
      const most = (key: keyof StatementSize) =>
        Math.max(
          ...calls.map((title) => widest(narrow[title]?.[key] ?? Infinity, wide[title]?.[key] ?? Infinity)),
        );
      assert.ok(
        most("elements") <= limits.columnsOfSelect,
        `${type}: ${most("elements")} elements of a list`,
      );
      assert.ok(
        most("names") <= limits.namesOfExpression,
        `${type}: ${most("names")} identifiers and constants`,
      );
      const row = `| ${type} | ${most("names").toLocaleString("en")} |`;
      assert.ok(page.includes(row), `docs/sql-server-limits.md lacks the row ${row}`);
    }
  });
});

/** A size that grows with the columns, extrapolated to the most columns that a dataset may have. */
function widest(narrow: number, wide: number): number {
  const [less, more] = measuredWidths;
  return Math.ceil(narrow + ((wide - narrow) / (more - less)) * (limits.columnsOfDataset - less));
}

describe("Microsoft's parser and the rules of collation", () => {
  before(function () {
    if (spawnSync("tsql-check").error === undefined) return;
    skip(this, "tsql-check is not on PATH");
  });

  for (const folder of [tsqlFolder, goldenFolder])
    it(`find nothing in ${path.basename(folder)}`, () => {
      const { status, stdout, stderr } = spawnSync("tsql-check", [folder], { encoding: "utf8" });
      assert.equal(status, 0, `${stdout}${stderr}`);
    });

  it("find the faults in the fixtures", () => {
    const folder = path.join(__dirname, "fixtures");
    const { status, stdout } = spawnSync("tsql-check", [folder], { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stdout, /mixed\.sql:\d+ .*4191/);
  });
});
