import assert from "node:assert/strict";
import { goodFile, projectFolder } from "../commands/tenant/testing/project-folder";
import type { LocalContext } from "../packages/azure-emulator/control-plane/local-service";
import { readTenantStack } from "./tenant-stack";

const context = {
  httpUrl: "http://127.0.0.1:1",
  principals: { deployer: { clientId: "c", objectId: "o", secret: "of-the-emulator" } },
} as unknown as LocalContext;

describe("A tenant's stack in the emulator", () => {
  const project = projectFolder();
  const ids =
    "clientId: 00000000-0000-0000-0000-0000000000c1, objectId: 00000000-0000-0000-0000-0000000000c2";
  const withRunbook = (runbook: string) =>
    readTenantStack(
      project({
        "Pulumi.acme.yaml": `${goodFile}  quantemplate:runbook: ${runbook}\n`,
      }),
      "acme",
      context,
    );

  it("has a secret of the emulator's for the service principal whose own only Pulumi can read", () => {
    const { config, credential } = withRunbook(`{credential: {${ids}, clientSecret: {secure: v1:x}}}`);
    const { value = "", secret } = config["quantemplate:runbook"] ?? {};
    assert.equal(secret, true);
    assert.deepEqual(JSON.parse(value), { waitForEnd: false, credential });
    assert.match(credential?.clientSecret ?? "", /^[\w-]{43}$/);
    assert.equal(credential?.objectId, "00000000-0000-0000-0000-0000000000c2");
    assert.notEqual(credential?.clientSecret, config["quantemplate:clientSecret"]?.value);
  });

  it("leaves the runbook's other options as they are", () => {
    const { config, credential } = withRunbook("{waitForEnd: true}");
    assert.deepEqual(config["quantemplate:runbook"], { value: '{"waitForEnd":true}' });
    assert.equal(credential, undefined);
  });
});
