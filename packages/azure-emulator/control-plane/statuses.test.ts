import assert from "node:assert/strict";
import { azureResourceTypes, usualPutStatus } from "../../azure-resource-types";

/**
 * The statuses that the specification of each type lists for a PUT, as Microsoft's JavaScript clients have them from there
 * (@azure/arm-*: `responses` of the operation). Types that are not here have 200 and 201.
 */
const listed: ReadonlyMap<string, readonly number[]> = new Map([
  ["Microsoft.Authorization/roleDefinitions", [201]],
  ["Microsoft.DataFactory/factories", [200]],
  ["Microsoft.DataFactory/factories/datasets", [200]],
  ["Microsoft.DataFactory/factories/linkedservices", [200]],
  ["Microsoft.DataFactory/factories/pipelines", [200]],
  ["Microsoft.DataFactory/factories/triggers", [200]],
  ["Microsoft.Insights/components", [200]],
  ["Microsoft.Insights/diagnosticSettings", [200]],
  ["Microsoft.Insights/metricAlerts", [200]],
  ["Microsoft.OperationalInsights/workspaces", [200, 201, 202]],
  ["Microsoft.Sql/servers", [200, 201, 202]],
  ["Microsoft.Sql/servers/administrators", [200, 201, 202]],
  ["Microsoft.Sql/servers/auditingSettings", [200, 202]],
  ["Microsoft.Sql/servers/azureADOnlyAuthentications", [200, 201, 202]],
  ["Microsoft.Sql/servers/databases", [200, 201, 202]],
  ["Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies", [200, 202]],
  ["Microsoft.Sql/servers/elasticPools", [200, 201, 202]],
  ["Microsoft.Sql/servers/firewallRules", [200, 201]],
  ["Microsoft.Sql/servers/securityAlertPolicies", [200, 201, 202]],
  ["Microsoft.Storage/storageAccounts", [200, 202]],
  ["Microsoft.Web/serverfarms", [200, 202]],
  ["Microsoft.Web/sites", [200, 202]],
  ["Microsoft.Web/sites/basicPublishingCredentialsPolicies", [200]],
  ["Microsoft.Web/sites/config", [200]],
]);

/** Those whose DELETE may answer 202. */
const deletedLater = [
  "Microsoft.Network/networkSecurityGroups",
  "Microsoft.Network/privateEndpoints",
  "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
  "Microsoft.Network/virtualNetworks",
  "Microsoft.Network/virtualNetworks/subnets",
  "Microsoft.Resources/resourceGroups",
  "Microsoft.Sql/servers",
  "Microsoft.Sql/servers/databases",
  "Microsoft.Sql/servers/elasticPools",
];

describe("the statuses of PUT and DELETE", () => {
  for (const {
    type,
    putStatus = usualPutStatus,
    operations,
    deletedLater: later,
  } of azureResourceTypes.types) {
    it(`are those of the specification: ${type}`, () => {
      const allowed = listed.get(type) ?? [200, 201];
      for (const status of [putStatus.created, putStatus.updated])
        assert.ok(allowed.includes(status), String(status));
      const accepts = [putStatus.created, putStatus.updated].includes(202) || later === true;
      assert.equal(operations !== undefined, accepts, "what is accepted can be polled");
      assert.equal(later === true, deletedLater.includes(type));
    });
  }

  it("are 202 where Azure accepts", () => {
    const accepting = [
      "Microsoft.Sql/servers",
      "Microsoft.Sql/servers/administrators",
      "Microsoft.Sql/servers/databases",
      "Microsoft.Storage/storageAccounts",
    ];
    for (const type of accepting)
      assert.equal(azureResourceTypes.byType(type)?.putStatus?.created, 202, type);
  });
});
