import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CodedError } from "../../../../kit/errors/coded-error";
import { StatementFiles } from "./statement-files";

describe("StatementFiles", () => {
  let folder: string;
  let files: StatementFiles;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "statement-files-"));
    for (const dialect of ["tsql", "postgres"])
      await mkdir(join(folder, dialect, "repeatable"), { recursive: true });
    await writeFile(
      join(folder, "tsql", "repeatable", "a.sql"),
      "CREATE PROCEDURE shop.a AS\r\n\tSELECT 1\r\n",
    );
    await writeFile(join(folder, "postgres", "repeatable", "a.sql"), "create function shop.a() …");
    files = new StatementFiles(folder);
    await files.refresh();
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("finds a file by its text, whatever the line breaks", async () => {
    const found = files.find("CREATE PROCEDURE shop.a AS\n\tSELECT 1\n");
    assert.equal(found?.file, "repeatable/a.sql");
    assert.equal(await found?.twin(), "create function shop.a() …");
  });

  it("does not find a text that differs in a character", () => {
    assert.equal(files.find("CREATE PROCEDURE shop.a AS\n\tSELECT 2\n"), undefined);
    assert.equal(files.find("CREATE PROCEDURE shop.a AS\n SELECT 1\n"), undefined);
  });

  it("names a file without a twin", async () => {
    await writeFile(join(folder, "tsql", "alone.sql"), "SELECT 2");
    await files.refresh();
    await assert.rejects(
      async () => files.find("SELECT 2")?.twin(),
      (error) => error instanceof CodedError && error.code === "QT6105",
    );
  });

  it("is empty if there is no folder", async () => {
    const none = new StatementFiles(join(folder, "nowhere"));
    await none.refresh();
    assert.equal(none.find("SELECT 1"), undefined);
  });
});
