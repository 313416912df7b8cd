import assert from "node:assert/strict";
import { ARM_AUDIENCE } from "../packages/azure-emulator/control-plane/identity";
import { armClient } from "./support/arm-client";
import { useEmulator } from "./support/emulator";
import { reconcile, reconciliationParameters } from "./support/reconciliation";

describe("The daily reconciliation", () => {
  const local = useEmulator();

  /** A new role refuses a call or two; the activity's next attempt would come a minute later. */
  async function untilTheRoleActs(url: string): Promise<void> {
    const { context } = local().running.azure;
    const [factory] = context.resources.list({ type: "Microsoft.DataFactory/factories" });
    const identity = context.principals.byObjectId(factory?.identity?.principalId ?? "") ?? assert.fail();
    const { token } = context.tokens.issue(identity, ARM_AUDIENCE);
    const headers = { authorization: `Bearer ${token}` };
    for (let attempt = 0; attempt < 5; attempt++) {
      const { status } = await fetch(`${url}?api-version=2024-10-23`, { headers });
      if (status === 200) return;
    }
  }

  it("reads when the webhook expires, as the factory, for the alert", async () => {
    const arm = armClient(local());
    await untilTheRoleActs((await reconciliationParameters(arm)).WebhookUrl);
    const activities = await reconcile(arm);
    const found = activities.find(({ activityName }) => activityName === "ReadWebhook") ?? assert.fail();
    if (found.status === "Failed") assert.fail(JSON.stringify(found));
    const webhook = await arm.webhook();
    assert.deepEqual(
      [found.status, found.output.name, found.output.properties?.expiryTime],
      ["Succeeded", webhook.name, webhook.properties.expiryTime],
    );
    assert.ok(!found.output.properties?.uri, "the address stays hidden");
  });
});
