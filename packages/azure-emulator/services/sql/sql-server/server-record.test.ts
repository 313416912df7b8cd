import assert from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerRecord, serverFile } from "./server-record";

const url = "mssql://sa:first@127.0.0.1:14339";

describe("the record of a SQL Server in the emulator's folder", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sql-record-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("exists for every later command, and only the owner can read it", async () => {
    assert.equal(await ServerRecord.find(folder), undefined);
    const { id, secret } = await ServerRecord.choose(folder, url);
    const found = await ServerRecord.find(folder);
    assert.deepEqual([found?.url, found?.id, found?.secret], [url, id, secret]);
    if (process.platform !== "win32")
      assert.equal((await stat(join(folder, serverFile))).mode & 0o777, 0o600);
  });

  it("remembers the databases that were created", async () => {
    const record = await ServerRecord.choose(folder, url);
    await Promise.all(["a", "b", "a", "c"].map((name) => record.add(name)));
    await record.remove("b");
    assert.deepEqual((await ServerRecord.find(folder))?.databases, ["a", "c"]);
  });

  it("accepts another password for the same server, and refuses another server once there are databases", async () => {
    const record = await ServerRecord.choose(folder, "mssql://sa:x@127.0.0.1:9999");
    await (await ServerRecord.choose(folder, url)).add("a");
    const changed = await ServerRecord.choose(folder, url.replace("first", "second"));
    assert.deepEqual([changed.address.password, changed.id, changed.databases], ["second", record.id, ["a"]]);
    await assert.rejects(ServerRecord.choose(folder, "mssql://sa:second@127.0.0.1:9999"), {
      code: "QT9022",
    });
    assert.equal((await ServerRecord.find(folder))?.address.port, 14339);
  });

  it("is removed if nothing was created on the server, so that another start can choose again", async () => {
    const record = await ServerRecord.choose(folder, url);
    await record.add("a");
    await record.discardUnused();
    assert.notEqual(await ServerRecord.find(folder), undefined);
    await record.remove("a");
    await record.discardUnused();
    assert.equal(await ServerRecord.find(folder), undefined);
  });

  it("accepts a password apart from the URL, and stores it in the URL", async () => {
    const separate = url.replace(":first", "");
    await ServerRecord.choose(folder, separate, "p@ss:word");
    assert.equal((await ServerRecord.find(folder))?.address.password, "p@ss:word");
    assert.equal((await ServerRecord.choose(folder, separate)).address.password, "p@ss:word");
    assert.equal((await ServerRecord.choose(folder, separate, "second")).address.password, "second");
    assert.equal((await ServerRecord.choose(folder, url, "other")).address.password, "first");
  });

  it("uses the stored password for no other login or server", async () => {
    await ServerRecord.choose(folder, url);
    for (const other of [
      "mssql://tom@127.0.0.1:14339",
      "mssql://sa@127.0.0.1:1",
      "mssql://sa@localhost:14339",
    ])
      await assert.rejects(ServerRecord.choose(folder, other), { code: "QT9021" });
    assert.equal((await ServerRecord.find(folder))?.url, url);
  });

  it("is not written for an invalid URL", async () => {
    await assert.rejects(ServerRecord.choose(folder, "mssql://host"), { code: "QT9021" });
    assert.equal(await ServerRecord.find(folder), undefined);
  });
});
