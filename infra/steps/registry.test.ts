import assert from "node:assert/strict";
import { budgetStart } from "./budget-start";
import { databaseMigration } from "./database-migration";
import { endpointApproval } from "./endpoint-approval";
import { existingResource } from "./existing-resource";
import { functionAllowList } from "./function-allow-list";
import { functionCode } from "./function-code";
import { functionKey } from "./function-key";
import { identityClientId } from "./identity-client-id";
import { knownRole } from "./known-role";
import { managedNetwork } from "./managed-network";
import { placement } from "./placement";
import { type StepName, steps } from "./registry";
import { runbookContent } from "./runbook-content";
import { sqlAdministrator } from "./sql-administrator";
import { sqlAuditing } from "./sql-auditing";
import { triggerStarted, triggerStopped } from "./trigger-state";
import { webhookAddress } from "./webhook-address";
import { webhookUri } from "./webhook-uri";

/** Each step, with the inputs that cannot change in place. The names are in every tenant's state. */
const expected: Readonly<Record<StepName, readonly [definition: object, replaceOn: readonly string[]]>> = {
  "webhook-uri": [webhookUri, ["accountId", "expiry"]],
  "webhook-address": [webhookAddress, []],
  "runbook-content": [runbookContent, ["runbookId"]],
  // Stops by name what the next run may change: nothing to replace.
  "trigger-stopped": [triggerStopped, []],
  "trigger-started": [triggerStarted, ["factoryId", "trigger"]],
  "function-code": [functionCode, ["siteId"]],
  "function-key": [functionKey, ["siteId", "functionName", "keyName"]],
  "sql-administrator": [sqlAdministrator, ["serverId"]],
  "sql-auditing": [sqlAuditing, ["serverId"]],
  "identity-client-id": [identityClientId, []],
  "managed-network": [managedNetwork, ["factoryId", "name"]],
  "endpoint-approval": [endpointApproval, ["factoryId", "endpoint", "targetId"]],
  "function-allow-list": [functionAllowList, ["siteId"]],
  "existing-resource": [existingResource, ["kind", "id"]],
  placement: [placement, []],
  "budget-start": [budgetStart, ["scope", "budget"]],
  "known-role": [knownRole, ["roleDefinitionId", "scope"]],
  "database-migration": [databaseMigration, ["serverId", "database"]],
};

describe("the registry of steps", () => {
  it("has these steps", () => {
    assert.deepEqual(Object.keys(steps).sort(), Object.keys(expected).sort());
  });

  for (const [name, [definition, replaceOn]] of Object.entries(expected)) {
    it(`loads ${name}, which is replaced if ${replaceOn.join(", ") || "no input"} changes`, () => {
      const loaded = steps[name as StepName]();
      assert.equal(loaded, definition);
      assert.deepEqual(loaded.replaceOn ?? [], replaceOn);
    });
  }
});
