import assert from "node:assert/strict";
import { hadStack } from "./remove-tenant";

describe("A tenant's file", () => {
  const traces = {
    "a passphrase's salt": "encryptionsalt: v1:abc=\nconfig: {}\n",
    "a key of a vault": "secretsprovider: azurekeyvault://v\nencryptedkey: abc\n",
    "a secret": "config:\n  quantemplate:clientSecret:\n    secure: v1:abc\n",
    "a secret on one line": 'config:\n  quantemplate:clientSecret: { "secure": "v1:abc" }\n',
    "a secret in a list": "config:\n  quantemplate:list:\n    - secure: v1:abc\n",
  };
  for (const [name, file] of Object.entries(traces)) {
    it(`shows by ${name} that a stack was created`, () => assert.equal(hadStack(file), true));
  }

  it("shows no stack if it contains only settings", () => {
    const settings =
      "config:\n  quantemplate:clientId: secure\n  # encryptionsalt is added by Pulumi\n  quantemplate:tags: {insecure: no}\n";
    assert.equal(hadStack(settings), false);
  });
});
