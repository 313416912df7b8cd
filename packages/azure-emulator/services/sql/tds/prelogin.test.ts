import assert from "node:assert/strict";
import fc from "fast-check";
import PreloginPayload from "tedious/lib/prelogin-payload";
import { encryption, parsePrelogin, preloginReply } from "./prelogin";
import { ProtocolError } from "./protocol";

const version = { major: 1, minor: 2, build: 3, subbuild: 4 };

describe("PRELOGIN", () => {
  it("reads tedious' message", () => {
    const wanted = parsePrelogin(new PreloginPayload({ encrypt: true, version }).data);
    assert.deepEqual(wanted, { encryption: encryption.on, federatedAuthentication: true });
    assert.equal(
      parsePrelogin(new PreloginPayload({ encrypt: false, version }).data).encryption,
      encryption.notSupported,
    );
  });

  for (const [asked, answered] of [
    [encryption.loginOnly, "REQ"],
    [encryption.on, "ON"],
    [encryption.notSupported, "NOT_SUP"],
    [encryption.required, "ON"],
  ] as const) {
    it(`answers encryption ${asked} with ${answered}, as tedious reads it`, () => {
      const reply = new PreloginPayload(preloginReply({ encryption: asked, federatedAuthentication: true }));
      assert.equal(reply.encryptionString, answered);
      assert.equal(reply.fedAuthRequired, 1);
    });
  }

  it("throws only ProtocolError on garbage", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          parsePrelogin(Buffer.from(bytes));
        } catch (error) {
          assert.ok(error instanceof ProtocolError);
        }
      }),
    );
  });
});
