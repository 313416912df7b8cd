import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inheritedNames } from "../../packages/kit/testing/inherited-names";
import { temporaryFolder } from "../../packages/kit/testing/temporary-folder";
import { openCheckout } from "./version";

describe("A checkout's version of a tenant", () => {
  const folder = temporaryFolder();

  it("invents every encrypted value, also of a setting whose name every object inherits", () => {
    const keys = [...inheritedNames, "alertEmail"].map((name) => `quantemplate:${name}`);
    const config = keys.map((key) => `  ${key}: {secure: "v1:AAAA:BBBB"}\n`).join("");
    for (const [path, text] of [
      ["Pulumi.yaml", "name: p\nruntime: nodejs\n"],
      ["Pulumi.acme.yaml", `config:\n${config}`],
      ["infra/program.js", "exports.deployTenant = async () => ({});\n"],
      ["functions/build.js", "module.exports = {};\n"],
    ] as const) {
      mkdirSync(join(folder(), path, ".."), { recursive: true });
      writeFileSync(join(folder(), path), text);
    }
    const invented = openCheckout(folder()).version("acme")?.config ?? {};
    for (const key of keys) assert.equal(invented[key]?.secret, true, key);
    assert.match(invented["quantemplate:alertEmail"]?.value ?? "", /@example\.org$/);
  });
});
