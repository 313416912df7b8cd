import assert from "node:assert/strict";
import { azureResourceTypes, nameRuleOf, shapeOf } from "../../../azure-resource-types";
import { checkName } from "./names";

describe("names", () => {
  const taken = (type: string, ...names: string[]) => {
    for (const name of names) assert.doesNotThrow(() => checkName(type, name), `${type} ${name}`);
  };
  const refused = (type: string, code: string, ...names: string[]) => {
    for (const name of names)
      assert.throws(() => checkName(type, name), { status: 400, code }, `${type} ${name}`);
  };
  const guid = "11111111-2222-4333-8444-555555555555";

  it("have the length and the characters that are documented", () => {
    taken("Microsoft.Resources/resourceGroups", "a", "r.g_(é)-1", "x".repeat(90));
    refused(
      "Microsoft.Resources/resourceGroups",
      "InvalidResourceGroupName",
      "x".repeat(91),
      "a.",
      "a b",
      "a#",
    );
    taken("Microsoft.Sql/servers", "a", "a-1", "x".repeat(63));
    refused("Microsoft.Sql/servers", "InvalidServerName", "UPPER_bad!", "-a", "a-", "a.b", "x".repeat(64));
    taken("microsoft.sql/servers/databases", "My base", "x".repeat(128));
    refused("Microsoft.Sql/servers/databases", "InvalidResourceName", "a?", "a ", "a.", "x".repeat(129));
    taken("Microsoft.DataFactory/factories", "abc", "a-b-c");
    refused("Microsoft.DataFactory/factories", "BadRequest", "a", "bad--name-", "a_b", "x".repeat(64));
    taken("Microsoft.DataFactory/factories/pipelines", "fetch_data 1", "_a");
    refused("Microsoft.DataFactory/factories/pipelines", "BadRequest", "a.b", "-a", "x".repeat(261));
    refused("Microsoft.OperationalInsights/workspaces", "InvalidParameter", "x", "-abc", "ab-c-");
    taken("Microsoft.Automation/automationAccounts", "Abcde1", "a".repeat(50));
    refused(
      "Microsoft.Automation/automationAccounts",
      "BadRequest",
      "1x",
      "short",
      "a".repeat(51),
      "abcdef-",
    );
    taken("Microsoft.Automation/automationAccounts/variables", "a b", "_x");
    refused("Microsoft.Automation/automationAccounts/variables", "BadRequest", "a/b", "a ", "a\nb");
    refused("Microsoft.Automation/automationAccounts/runbooks", "BadRequest", "1a", "a b", "a".repeat(64));
    taken("Microsoft.KeyVault/vaults", "kv-a1");
    refused("Microsoft.KeyVault/vaults", "VaultNameNotValid", "kv", "1kv", "kv--a", "kv-", "x".repeat(25));
    refused("Microsoft.KeyVault/vaults/secrets", "BadParameter", "a_b", "x".repeat(128));
    refused("Microsoft.Storage/storageAccounts", "AccountNameInvalid", "ab", "Abc", "a-b", "x".repeat(25));
    refused(
      "Microsoft.Storage/storageAccounts/blobServices/containers",
      "ContainerOperationFailure",
      "ab",
      "a--b",
      "Abc",
    );
    taken("Microsoft.Authorization/roleAssignments", guid);
    refused("Microsoft.Authorization/roleAssignments", "InvalidRoleAssignmentId", "a");
    refused("Microsoft.Web/sites", "BadRequest", "a", "-ab", "a.b", "x".repeat(61));
    refused("Microsoft.Insights/metricAlerts", "BadRequest", "a#b", "a ");
    refused("Microsoft.Sql/servers/auditingSettings", "InvalidResourceName", "other");
  });

  it("have a rule for each described type, published or documented", () => {
    const free = azureResourceTypes.types.filter(({ type }) => {
      const { enum: values, openEnum, pattern, maxLength } = shapeOf(type)?.name ?? { kind: "string" };
      return nameRuleOf(type) === undefined && (values ?? openEnum ?? pattern ?? maxLength) === undefined;
    });
    // The names of these are keys of their own type's shape.
    assert.deepEqual(
      free.map(({ type }) => type),
      ["Microsoft.Web/sites/config", "Microsoft.Web/sites/basicPublishingCredentialsPolicies"],
    );
  });

  it("are not reserved words", () => {
    const addressed = [
      "Microsoft.KeyVault/vaults",
      "Microsoft.Storage/storageAccounts",
      "Microsoft.Sql/servers",
      "Microsoft.Web/sites",
    ];
    for (const type of addressed) {
      taken(type, "mylogin1", "xbox1", "azure1");
      refused(type, "ReservedResourceName", "login1", "azure", "xbox", "mymicrosoft1", "windowsx");
    }
    taken("Microsoft.Resources/resourceGroups", "login-microsoft", "azure");
  });
});
