import assert from "node:assert/strict";
import { registerApplication } from "../packages/azure-emulator/control-plane/graph/register-application";
import { armClient } from "./support/arm-client";
import { deployedEmulator, keyless, land, type TestEmulator } from "./support/emulator";
import { deployStarter, starter } from "./support/starter-credential";

describe("A service principal that starts the pipeline", () => {
  let local: TestEmulator;
  before(async () => {
    local = await deployedEmulator();
  });
  after(() => local?.close());

  /** Who may start pipelines: the principals with a role at the factory. */
  const starters = () => {
    const arm = armClient(local);
    return arm
      .list("Microsoft.Authorization/roleAssignments")
      .filter(({ id }) => id.toLowerCase().startsWith(`${arm.factory}/`.toLowerCase()))
      .map(({ properties }) => properties.principalId);
  };
  const credentials = () => armClient(local).list("Microsoft.Automation/automationAccounts/credentials");

  it("gets the right in place of the account's identity, and an event lands through it", async () => {
    const [account] = armClient(local).list("Microsoft.Automation/automationAccounts");
    assert.deepEqual(starters(), [account?.identity?.principalId]);
    await deployStarter(local, "the-starter-secret");
    assert.deepEqual(starters(), [starter.objectId]);
    const { status, error, load } = await land(local.environment, keyless, 0, 20);
    assert.equal(status, "succeeded", error);
    assert.equal(load.status, "published");
  });

  it("is refused with another secret, by the job's error, until the tenant has it", async () => {
    const { directory } = local.running.azure.context;
    await registerApplication(directory, { ...starter, displayName: "starter", secret: "rotated-secret" });
    const refused = await land(local.environment, keyless, 1, 20);
    assert.match(
      refused.error,
      /Signing in with credential 'quantemplate-pipeline-starter' failed with status 401/,
    );
    await deployStarter(local, "rotated-secret");
    assert.equal((await land(local.environment, keyless, 2, 20)).status, "succeeded");
  });

  it("is in no answer and no output with its secret", async () => {
    const arm = armClient(local);
    const [credential] = credentials();
    assert.ok(credential !== undefined);
    const shown = await (await arm.request("GET", credential.id)).text();
    assert.match(shown, new RegExp(starter.clientId));
    assert.doesNotMatch(shown, /rotated-secret/);
  });

  it("leaves with the setting, and the account's identity starts the pipeline again", async () => {
    await deployStarter(local, undefined);
    const [account] = armClient(local).list("Microsoft.Automation/automationAccounts");
    assert.deepEqual(starters(), [account?.identity?.principalId]);
    assert.deepEqual(credentials(), []);
    const { status, error } = await land(local.environment, keyless, 3, 20);
    assert.equal(status, "succeeded", error);
  });
});
