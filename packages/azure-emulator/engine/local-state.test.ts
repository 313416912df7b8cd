import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../kit/testing/temporary-folder";
import { openLocalState, type ResourceState } from "./local-state";
import { secret } from "./wire-values";

const resource: ResourceState = {
  urn: "urn:pulumi:dev::p::t::n",
  id: "/x",
  inputs: { plain: "visible", password: secret("hidden-1") },
  outputs: { list: [secret({ deep: "hidden-2" })] },
};

describe("engine: local state", () => {
  const folder = temporaryFolder();

  it("keeps resources in order, with secrets marked", () => {
    const state = openLocalState(join(folder(), "deep", "dev.json"), "passphrase");
    const second = { ...resource, urn: "urn:pulumi:dev::p::t::m" };
    state.save([resource, second]);
    assert.deepEqual(state.resources(), [resource, second]);
  });

  it("encrypts secrets in a file that only its owner can read", () => {
    const file = join(folder(), "dev.json");
    openLocalState(file, "passphrase").save([resource]);
    const text = readFileSync(file, "utf8");
    assert.ok(text.includes("visible") && !text.includes("hidden"));
    if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it("refuses a wrong passphrase and a damaged secret", () => {
    const file = join(folder(), "dev.json");
    openLocalState(file, "passphrase").save([resource]);
    assert.throws(() => openLocalState(file, "other").resources());
    const sealed = /"encryptedSecret": "([^"]+)"/;
    writeFileSync(file, readFileSync(file, "utf8").replace(sealed, '"encryptedSecret": "AAAA"'));
    assert.throws(() => openLocalState(file, "passphrase").resources(), /cut off/);
  });

  it("is empty before the first save and after removal", () => {
    const state = openLocalState(join(folder(), "dev.json"), "passphrase");
    assert.deepEqual(state.resources(), []);
    state.save([resource]);
    state.remove();
    assert.deepEqual([state.resources(), state.export()], [[], undefined]);
  });
});
