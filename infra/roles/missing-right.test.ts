import assert from "node:assert/strict";
import { explainRefusals, missingRights, rolesWith } from "./missing-right";

const scope = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/x";
const failed = (action: string, client = "deployer") =>
  `sql: 403 AuthorizationFailed: The client '${client}' with object id 'o-1' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
const linked = `The client 'deployer' with object id 'o-1' has permission to perform action 'Microsoft.Insights/diagnosticSettings/write' on scope '${scope}'; however, it does not have permission to perform action(s) 'Microsoft.OperationalInsights/workspaces/sharedKeys/action' on the linked scope(s) '/subscriptions/s' (respectively) or the linked scope(s) are invalid.`;

describe("a right that Azure says is missing", () => {
  it("is read from both of Azure's forms, each once", () => {
    const text = [failed("Microsoft.Sql/servers/write"), failed("Microsoft.Sql/servers/write"), linked];
    assert.deepEqual(missingRights(text.join("\n")), [
      { principal: "deployer (o-1)", action: "Microsoft.Sql/servers/write", scope },
      {
        principal: "deployer (o-1)",
        action: "Microsoft.OperationalInsights/workspaces/sharedKeys/action",
        scope: "/subscriptions/s",
      },
    ]);
    assert.equal(missingRights(failed("a/read", "o-1"))[0]?.principal, "o-1");
    assert.deepEqual(missingRights("403 Forbidden"), []);
    const cut = `${failed("a/read").slice(0, 170)}: it answered 403 'again'`;
    assert.deepEqual(missingRights(cut)[0]?.action, "a/read");
    assert.ok(scope.startsWith(missingRights(cut)[0]?.scope ?? "-"), missingRights(cut)[0]?.scope);
  });

  it("is explained with the roles that have it", () => {
    const [text = ""] = explainRefusals(failed("microsoft.sql/SERVERS/write"));
    assert.match(text, /^QT1300: deployer \(o-1\) lacks the right microsoft\.sql\/SERVERS\/write at /);
    assert.match(text, /roles has it: infra\/roles\/deployer\.json\. Give deployer \(o-1\)/);
    assert.deepEqual(rolesWith("Microsoft.Sql/locations/databaseAzureAsyncOperation/read"), ["deployer"]);
    assert.deepEqual(rolesWith("Microsoft.Sql/servers/databases/read"), ["deployer", "drift", "migration"]);
    assert.deepEqual(rolesWith("Microsoft.Authorization/roleDefinitions/write"), ["role-author"]);
  });

  it("is called a defect of ours if no role has it", () => {
    const [text = ""] = explainRefusals(failed("Microsoft.Compute/virtualMachines/write"));
    assert.match(text, /^QT1301: .* Microsoft\.Compute\/virtualMachines\/write/);
  });

  it("is explained once", () => {
    const text = failed("Microsoft.Sql/servers/write");
    assert.deepEqual(explainRefusals([text, ...explainRefusals(text)].join("\n")), []);
  });
});
