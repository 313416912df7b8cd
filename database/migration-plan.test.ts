import assert from "node:assert/strict";
import { checksumOf, type MigrationFile } from "./migration-files";
import { forBabelfish, planMigration } from "./migration-plan";

const file = (name: string, text = name): MigrationFile => ({
  name,
  kind: name.startsWith("migrations/") ? "numbered" : "repeatable",
  rights: name.endsWith(".rights.sql"),
  text,
  checksum: checksumOf(text),
});
const ran = (...files: MigrationFile[]) => files.map(({ name, checksum }) => ({ name, checksum }));
const one = file("migrations/0001.sql");
const two = file("migrations/0002.sql");
const three = file("migrations/0003.sql");
const procedure = file("repeatable/p.sql", "alter procedure qt.p\nwith execute as owner\nas\nselect 1");

describe("the plan of a migration", () => {
  it("has the files that did not run with this text", () => {
    const changed = { name: procedure.name, checksum: checksumOf("old text") };
    const plan = planMigration([one, two, procedure], [...ran(one), changed], "sql-server");
    assert.deepEqual(plan, [two, procedure]);
    assert.deepEqual(planMigration([one], ran(one), "sql-server"), []);
  });

  it("leaves out rights on Babelfish, and replaces EXECUTE AS OWNER there alone", () => {
    const rights = file("repeatable/g.rights.sql");
    assert.deepEqual(planMigration([procedure, rights], [], "sql-server"), [procedure, rights]);
    const [changed, ...others] = planMigration([procedure, rights], [], "babelfish");
    assert.equal(changed?.text, procedure.text.replace("as owner", "as caller"));
    assert.deepEqual(others, []);
  });

  it("replaces the clause only if it stands on its own line", () => {
    for (const text of ["-- with execute as owner", "with execute as owner, recompile"])
      assert.equal(forBabelfish(text), text);
  });

  it("refuses a numbered file that changed after it ran", () => {
    assert.throws(() => planMigration([{ ...one, checksum: "other" }], ran(one), "sql-server"), {
      code: "QT4040",
      details: { file: one.name },
    });
  });

  it("refuses a journal with a numbered file that the checkout lacks", () => {
    assert.throws(() => planMigration([two], ran(one, two), "sql-server"), {
      code: "QT4041",
      details: { file: one.name },
    });
    assert.deepEqual(planMigration([one], ran(one, procedure), "sql-server"), [], "a repeatable file may go");
  });

  it("refuses a new number before the last that ran, in any order of files and journal", () => {
    for (const [files, journal] of [
      [[one, two, three], ran(one, three)],
      [[three, two, one], ran(three, one)],
      [[two, three, one], ran(three, procedure, one)],
    ] as const)
      assert.throws(() => planMigration(files, journal, "sql-server"), {
        code: "QT4042",
        details: { file: two.name, last: three.name },
      });
  });

  it("lets rights come late, because Babelfish did not run them", () => {
    const rights = file("migrations/0002-owner.rights.sql");
    assert.deepEqual(planMigration([one, rights, three], ran(one, three), "sql-server"), [rights]);
  });
});
