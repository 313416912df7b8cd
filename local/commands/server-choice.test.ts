import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findServer, PASSWORD_VARIABLE } from "./server-choice";

describe("The SQL Server of a folder", () => {
  const url = "mssql://sa@127.0.0.1:14339";
  let folder: string;
  let before: string | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "qt-choice-"));
    before = process.env[PASSWORD_VARIABLE];
    delete process.env[PASSWORD_VARIABLE];
  });
  afterEach(() => {
    if (before === undefined) delete process.env[PASSWORD_VARIABLE];
    else process.env[PASSWORD_VARIABLE] = before;
    return rm(folder, { recursive: true, force: true });
  });

  it("takes its password from the environment, and child processes do not inherit it", async () => {
    process.env[PASSWORD_VARIABLE] = "from the environment";
    assert.equal((await findServer(folder, url))?.address.password, "from the environment");
    assert.equal(process.env[PASSWORD_VARIABLE], undefined);
    assert.equal((await findServer(folder, undefined))?.address.password, "from the environment");
  });

  it("is refused without a password", async () => {
    await assert.rejects(findServer(folder, url), /QT_DATABASE_PASSWORD is not set/);
    process.env[PASSWORD_VARIABLE] = "";
    await assert.rejects(findServer(folder, url), { code: "QT9021" });
  });
});
