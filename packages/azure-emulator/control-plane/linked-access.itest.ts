import assert from "node:assert/strict";
import { createPassiveService } from "../services/passive";
import { ARM_AUDIENCE } from "./identity";
import { addApplication, type SignedIn } from "./testing/applications";
import { startTestEmulator, type TestEmulator } from "./testing/test-emulator";

describe("rights at other resources", () => {
  let emulator: TestEmulator;
  let writer: SignedIn;
  before(async () => {
    emulator = await startTestEmulator((context) => [createPassiveService(context)], undefined, [], {
      roleDelay: { refusals: 0 },
    });
    writer = await addApplication(emulator.context, "writer");
  });
  after(() => emulator.stop());

  /** Gives the writer a custom role with the actions, at a scope. */
  async function grant(scope: string, ...actions: string[]) {
    const { arm, context } = emulator;
    const subscription = `/subscriptions/${context.subscriptionId}`;
    const guid = crypto.randomUUID();
    const role = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
    const made = await arm("PUT", role, {
      properties: { roleName: guid, permissions: [{ actions }], assignableScopes: [subscription] },
    });
    assert.equal(made.status, 201, made.text);
    const assigned = await arm(
      "PUT",
      `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`,
      { properties: { principalId: writer.objectId, roleDefinitionId: role } },
    );
    assert.equal(assigned.status, 201, assigned.text);
  }
  const put = (id: string, body: object) =>
    emulator.arm("PUT", id, body, emulator.context.tokens.issue(writer, ARM_AUDIENCE).token);

  it("needs a right at each resource that the body names", async () => {
    const { group, arm, context } = emulator;
    const subscription = `/subscriptions/${context.subscriptionId}`;
    const workspace = `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`;
    await arm("PUT", workspace, { location: "westeurope" });
    const other = `${subscription}/resourceGroups/other`;
    await arm("PUT", other, { location: "westeurope" });
    const rule = `${other}/providers/Microsoft.Insights/diagnosticSettings/to-logs`;
    const body = { properties: { workspaceId: workspace, logs: [] } };
    await grant(subscription, "Microsoft.Insights/diagnosticSettings/write");
    const refused = await put(rule, body);
    assert.equal(refused.status, 403);
    const { code, message } = refused.json.error;
    assert.equal(code, "LinkedAuthorizationFailed");
    assert.equal(
      message,
      `The client 'writer' with object id '${writer.objectId}' has permission to perform action 'Microsoft.Insights/diagnosticSettings/write' on scope '${rule}'; ` +
        `however, it does not have permission to perform action(s) 'Microsoft.OperationalInsights/workspaces/sharedKeys/action' on the linked scope(s) '${workspace}' (respectively) or the linked scope(s) are invalid.`,
    );
    await grant(workspace, "Microsoft.OperationalInsights/workspaces/sharedKeys/action");
    assert.equal((await put(rule, body)).status, 200);
  });

  it("finds the ids in lists, and in the keys of an object", async () => {
    const { group, context } = emulator;
    const subscription = `/subscriptions/${context.subscriptionId}`;
    await grant(
      subscription,
      "Microsoft.Insights/scheduledQueryRules/write",
      "Microsoft.Insights/metricAlerts/write",
      "Microsoft.OperationalInsights/workspaces/write",
    );
    const actionGroup = `${group}/providers/Microsoft.Insights/actionGroups/people`;
    const properties = { actions: { actionGroups: [actionGroup] } };
    const query = await put(`${group}/providers/Microsoft.Insights/scheduledQueryRules/q`, { properties });
    assert.match(query.json.error.message, /'Microsoft.Insights\/actionGroups\/read'.*actionGroups\/people/);
    const actions = [{ actionGroupId: actionGroup }];
    const metric = await put(`${group}/providers/Microsoft.Insights/metricAlerts/m`, {
      properties: { actions },
    });
    assert.match(metric.json.error.message, /'Microsoft.Insights\/actionGroups\/read'.*actionGroups\/people/);
    const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/someone`;
    const workspace = await put(`${group}/providers/Microsoft.OperationalInsights/workspaces/w`, {
      location: "westeurope",
      identity: { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } },
    });
    assert.match(workspace.json.error.message, /userAssignedIdentities\/assign\/action'.*\/someone/);
  });

  it("makes a role for the scopes only at which its maker may make roles", async () => {
    const { group, context } = emulator;
    const subscription = `/subscriptions/${context.subscriptionId}`;
    await grant(group, "Microsoft.Authorization/roleDefinitions/write");
    const make = (assignableScopes: readonly string[]) =>
      put(`${group}/providers/Microsoft.Authorization/roleDefinitions/${crypto.randomUUID()}`, {
        properties: { roleName: crypto.randomUUID(), permissions: [{ actions: [] }], assignableScopes },
      });
    assert.equal((await make([group])).status, 201);
    const wide = await make([group, subscription]);
    assert.equal(wide.status, 403);
    assert.match(
      wide.json.error.message,
      new RegExp(`'Microsoft.Authorization/roleDefinitions/write' over scope '${subscription}'`),
    );
  });
});
