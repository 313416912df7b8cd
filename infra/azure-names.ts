import { isReservedName, nameRuleOf } from "../packages/azure-resource-types";
import { type ResourceNames, resourceNames } from "./naming";

/** The types whose names the tenant's name is part of. */
const types: Readonly<Partial<Record<keyof ResourceNames, string>>> = {
  resourceGroup: "Microsoft.Resources/resourceGroups",
  keyVault: "Microsoft.KeyVault/vaults",
  storageAccount: "Microsoft.Storage/storageAccounts",
  workspace: "Microsoft.OperationalInsights/workspaces",
  applicationInsights: "Microsoft.Insights/components",
  actionGroup: "Microsoft.Insights/actionGroups",
  sqlServer: "Microsoft.Sql/servers",
  dataFactory: "Microsoft.DataFactory/factories",
  automationAccount: "Microsoft.Automation/automationAccounts",
  plan: "Microsoft.Web/serverfarms",
  functionApp: "Microsoft.Web/sites",
  functionIdentity: "Microsoft.ManagedIdentity/userAssignedIdentities",
};

/** The names that Azure would refuse for a tenant of this name, because of a reserved word or of their form. */
export function refusedNames(stack: string, location: string): string[] {
  const names = resourceNames({ stack, location, suffix: "000000" });
  return (Object.keys(types) as (keyof ResourceNames)[])
    .filter((kind) => isRefused(types[kind] ?? "", names[kind]))
    .map((kind) => names[kind]);
}

function isRefused(type: string, name: string): boolean {
  const rule = nameRuleOf(type);
  const fits =
    rule === undefined ||
    (name.length >= rule.minLength && name.length <= rule.maxLength && rule.pattern.test(name));
  return !fits || isReservedName(type, name);
}
