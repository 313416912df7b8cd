import assert from "node:assert/strict";
import { ARM_AUDIENCE } from "../packages/azure-emulator/control-plane/identity";
import { armClient } from "./support/arm-client";
import { useEmulator } from "./support/emulator";

interface ActivityRun {
  readonly activityName: string;
  readonly status: string;
  readonly output: {
    readonly name?: string;
    readonly properties?: { readonly expiryTime?: string; readonly uri?: string };
  };
}

const ALWAYS = { lastUpdatedAfter: "2000-01-01T00:00:00Z", lastUpdatedBefore: "2200-01-01T00:00:00Z" };

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
    const read = async (path: string) => (await arm.request("GET", `${arm.factory}/${path}`)).json();
    const trigger = (await read("triggers/QT_reconcile_daily")) as {
      properties: { pipelines: { parameters: { WebhookUrl: string } }[] };
    };
    const [{ parameters } = assert.fail()] = trigger.properties.pipelines;
    await untilTheRoleActs(parameters.WebhookUrl);
    const post = async (path: string, body: object) =>
      (await arm.request("POST", `${arm.factory}/${path}`, body)).json();
    const { runId } = (await post("pipelines/QT_reconcile/createRun", parameters)) as { runId: string };
    let found: ActivityRun | undefined;
    while (found === undefined || found.status === "InProgress") {
      const { value } = (await post(`pipelineruns/${runId}/queryActivityruns`, ALWAYS)) as {
        value: ActivityRun[];
      };
      found = value.find(({ activityName }) => activityName === "ReadWebhook");
      assert.ok(
        !value.some(({ activityName, status }) => activityName === "WebhookIsKnown" && status === "Failed"),
      );
    }
    if (found.status === "Failed") assert.fail(JSON.stringify(found));
    const webhook = await arm.webhook();
    assert.deepEqual(
      [found.status, found.output.name, found.output.properties?.expiryTime],
      ["Succeeded", webhook.name, webhook.properties.expiryTime],
    );
    assert.ok(!found.output.properties?.uri, "the address stays hidden");
  });
});
