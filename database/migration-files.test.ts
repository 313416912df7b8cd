import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "../packages/kit/testing/temporary-folder";
import { checksumOf, normaliseText, readMigrationFiles, readMigratorStatement } from "./migration-files";

describe("migration files", () => {
  const folder = temporaryFolder();
  const write = (files: Readonly<Record<string, string>>) => {
    for (const kind of ["migrations", "repeatable", "migrator"]) mkdirSync(path.join(folder(), kind));
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder(), name), text);
  };
  const names = () => readMigrationFiles(folder()).map(({ name }) => name);

  it("are sorted by name, numbered files first and grants last", () => {
    write({
      "repeatable/b.sql": "b",
      "repeatable/a.rights.sql": "grant",
      "repeatable/c.sql": "c",
      "repeatable/A.sql": "A",
      "migrations/0002-rows.sql": "2",
      "migrations/0003-more.sql": "3",
      "migrations/0001-owner.rights.sql": "1",
    });
    assert.deepEqual(names(), [
      "migrations/0001-owner.rights.sql",
      "migrations/0002-rows.sql",
      "migrations/0003-more.sql",
      "repeatable/A.sql",
      "repeatable/b.sql",
      "repeatable/c.sql",
      "repeatable/a.rights.sql",
    ]);
  });

  it("are the .sql files only", () => {
    write({ "repeatable/a.sql": "a", "repeatable/a.sql.orig": "a", "repeatable/README.md": "read" });
    assert.deepEqual(names(), ["repeatable/a.sql"]);
  });

  it("have one text and checksum on every system: LF, no byte order mark", () => {
    write({ "repeatable/a.sql": "\uFEFFselect\r\n 'a\rb\uFEFF'\r\n", "migrator/lock.sql": "\uFEFFlock\r\n" });
    const [file] = readMigrationFiles(folder());
    assert.equal(file?.text, "select\n 'a\rb\uFEFF'\n");
    assert.equal(file?.checksum, checksumOf("select\n 'a\rb\uFEFF'\n"));
    assert.equal(readMigratorStatement("lock", folder()), "lock\n");
    assert.equal(normaliseText(""), "");
    assert.equal(normaliseText("a\uFEFF"), "a\uFEFF");
  });

  it("have the SHA-256 of their UTF-8 text as checksum", () => {
    // printf 'é\n' | sha256sum
    assert.equal(checksumOf("é\r\n"), "edd3a863872a04239eb29ad4bc12fc892b3d4ae57cc7e786a3697816f8e141c2");
  });
});
