import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createAccessTokens, tokenLifetime } from "./access-tokens";

describe("access tokens", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "qt-tokens-"));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it("authorise their organisation until they expire, also after a restart", () => {
    const token = createAccessTokens(folder).issue("org", 1_000);
    const restarted = createAccessTokens(folder);
    const end = 1_000 + tokenLifetime * 1_000;
    assert.equal(restarted.verify(token, end - 1), "org");
    assert.equal(restarted.verify(token, end), undefined);
  });

  it("expire earlier if time is made to pass, those issued afterwards do not", () => {
    const tokens = createAccessTokens(folder);
    const old = tokens.issue("org");
    tokens.age(tokenLifetime);
    assert.deepEqual([tokens.verify(old), tokens.verify(tokens.issue("org"))], [undefined, "org"]);
  });

  it("are invalid after any change", () => {
    const tokens = createAccessTokens(folder);
    const token = tokens.issue("org");
    const other = Buffer.from('{"organisation":"other","expires":99999999999999}').toString("base64url");
    for (const forged of ["", "x", `${token}x`, `x${token}`, `${other}.${token.split(".")[1]}`, other]) {
      assert.equal(tokens.verify(forged), undefined, forged);
    }
  });
});
