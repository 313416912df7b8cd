import assert from "node:assert/strict";
import { access, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { unpack } from "./package-store";

describe("unpacking a package", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "package-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const host = strToU8('{"version":"2.0"}');

  it("writes every file, also if the package is unpacked twice", async () => {
    const zip = zipSync({ "host.json": host, "dist/": new Uint8Array(), "dist/main.js": strToU8("1") });
    for (let time = 0; time < 2; time++) await unpack(zip, join(folder, "app"));
    assert.equal(await readFile(join(folder, "app", "dist", "main.js"), "utf8"), "1");
    assert.deepEqual(await readdir(folder), ["app"]);
  });

  it("refuses a package that is not a zip, has no host.json, or leads outside, and writes nothing", async () => {
    const packages: [Uint8Array, RegExp][] = [
      [strToU8("no zip at all, but long enough to look at"), /no zip file/],
      [zipSync({ "dist/main.js": strToU8("1") }), /host\.json/],
      [zipSync({ "host.json": host, "../outside.js": strToU8("1") }), /outside/],
      [zipSync({ "host.json": host, "/outside.js": strToU8("1") }), /outside/],
    ];
    for (const [zip, message] of packages) await assert.rejects(unpack(zip, join(folder, "app")), message);
    await assert.rejects(access(join(folder, "outside.js")));
    assert.deepEqual(await readdir(folder), []);
  });
});
