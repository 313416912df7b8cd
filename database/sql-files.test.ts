import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { databaseErrors } from "../errors/database";
import { chainedGrants } from "./lint/grant-rules";
import { lintTsql } from "./lint/lint";
import { readMigrationFiles, readMigratorStatement } from "./migration-files";

const folder = (dialect: string) => path.join(__dirname, dialect);
const names = (dialect: string) => globSync("**/*.sql", { cwd: folder(dialect) }).sort();
const text = (dialect: string, name: string) => readFileSync(path.join(folder(dialect), name), "utf8");
/** The text without comments and string literals, so that only code is checked. */
const code = (name: string) =>
  text("tsql", name)
    .replace(/--.*$/gm, "")
    .replace(/N?'(?:[^']|'')*'/g, "''");

describe("the SQL files", () => {
  it("are the same in both dialects", () => {
    assert.deepEqual(names("postgres"), names("tsql"));
    assert.ok(names("tsql").length > 30);
  });

  it("raise the same errors in both dialects, and the catalogue has each", () => {
    const raised = (dialect: string, pattern: RegExp) =>
      new Set(
        names(dialect).flatMap((name) =>
          [...text(dialect, name).matchAll(pattern)].map((match) => `QT${match[1]}`),
        ),
      );
    const tsql = raised("tsql", /(?:qt\.fail|throw) 5(4\d{3})/g);
    const postgres = raised("postgres", /QT(4\d{3}): /g);
    tsql.delete("QT4045");
    // In PostgreSQL the table cannot change while a page is read.
    assert.deepEqual([...tsql].filter((code) => code !== "QT4034").sort(), [...postgres].sort());
    const migrators = ["QT4035", "QT4036"];
    const documented = Object.keys(databaseErrors).filter(
      (name) => (name < "QT4040" || name > "QT4046") && !migrators.includes(name),
    );
    assert.deepEqual(documented.sort(), [...tsql].sort());
  });

  it("are one batch each, without GO, and with a procedure or function alone in its file", () => {
    for (const name of names("tsql")) {
      assert.doesNotMatch(code(name), /^\s*go\s*$/im, name);
      if (/^\s*alter (procedure|function)/im.test(code(name))) {
        assert.match(code(name).trimStart(), /^alter (procedure|function) qt\.\w+/, name);
        assert.equal(
          path.basename(name, ".sql").replaceAll("-", "_"),
          /^alter \w+ qt\.(\w+)/m.exec(code(name))?.[1],
          name,
        );
      }
    }
  });

  it("create every procedure that a repeatable file alters", () => {
    const stubs = names("tsql")
      .filter((one) => one.startsWith("migrations/"))
      .map((one) => text("tsql", one))
      .join("\n");
    for (const name of names("tsql").filter(
      (one) => one.startsWith("repeatable/") && !one.includes(".rights."),
    )) {
      const procedure = path.basename(name, ".sql").replaceAll("-", "_");
      assert.match(stubs, new RegExp(`create (procedure|function) qt\\.${procedure}\\b`), name);
    }
  });

  it("use only what both Azure SQL and Babelfish can run", () => {
    const forbidden =
      /\b(create or alter|merge|string_escape|deny|concat_ws|is distinct from|with ties|waitfor|raiserror|grouping sets|try_parse|format\s*\()\b/i;
    for (const name of names("tsql").filter((one) => !one.includes(".rights."))) {
      assert.doesNotMatch(code(name), forbidden, name);
      // The clause that the migrator replaces is alone on its line, once.
      assert.ok(
        (code(name).match(/execute as/gi) ?? []).length ===
          (code(name).match(/^with execute as owner$/gm) ?? []).length,
        name,
      );
    }
  });

  it("use the reserved word load only in brackets", () => {
    for (const name of names("tsql")) assert.doesNotMatch(text("tsql", name), /qt\.load\b/, name);
  });

  it("pass the lint, which finds what only a real SQL Server would refuse", () => {
    assert.deepEqual(lintTsql(names("tsql").map((name) => ({ name, text: text("tsql", name) }))), []);
  });

  it("grant no right to alter tables whose owner owns another schema", () => {
    const texts = [readMigratorStatement("journal"), ...readMigrationFiles().map((file) => file.text)];
    assert.deepEqual(chainedGrants(texts), []);
    const before = texts.map((one) =>
      one.replace("schema::staging to qt_staging", "schema::staging to qt_owner"),
    );
    assert.equal(chainedGrants(before).length, 1, "as it would be if staging had no separate owner");
  });

  it("are sorted as the migrator runs them: numbered, repeatable, grants last", () => {
    const files = readMigrationFiles();
    assert.deepEqual(
      files.slice(0, 2).map(({ name }) => name),
      ["migrations/0001-schemas.sql", "migrations/0002-tables.sql"],
    );
    assert.equal(files.at(-1)?.name, "repeatable/grants.rights.sql");
    assert.deepEqual(files.filter(({ rights }) => rights).length, 3);
  });
});
