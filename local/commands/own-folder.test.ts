import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeOwnFolder, requireOwnFolder } from "./own-folder";

describe("The folder of the emulator", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "qt-own-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is refused if it holds other files, which stay", async () => {
    writeFileSync(join(folder, "precious"), "keep");
    await assert.rejects(removeOwnFolder(folder), { code: "QT9015" });
    assert.ok(existsSync(join(folder, "precious")));
  });

  it("may be missing, empty, or left over from a start that was killed early", async () => {
    await requireOwnFolder(join(folder, "missing"));
    await requireOwnFolder(folder);
    mkdirSync(join(folder, "certificates"));
    writeFileSync(join(folder, "local.log"), "");
    await requireOwnFolder(folder);
  });

  it("is removed with everything in it once it is marked as the emulator's", async () => {
    writeFileSync(join(folder, "directory.json"), "{}");
    writeFileSync(join(folder, "anything"), "");
    await removeOwnFolder(folder);
    assert.ok(!existsSync(folder));
  });

  it("must be a folder", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    await assert.rejects(requireOwnFolder(file), { code: "QT9015" });
  });
});
