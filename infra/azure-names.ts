import { isReservedName, nameRuleOf } from "../packages/azure-resource-types";
import { type ConfigMistake, mistake } from "./config-mistake";
import { longestName, type NameKind, type NamePatterns, type ResourceNames, resourceNames } from "./naming";

/** The types whose names the tenant's name is part of. */
const types: Readonly<Partial<Record<NameKind, string>>> = {
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
  virtualNetwork: "Microsoft.Network/virtualNetworks",
  privateEndpoints: "Microsoft.Network/privateEndpoints",
  sqlDatabase: "Microsoft.Sql/servers/databases",
  alertRules: "Microsoft.Consumption/budgets",
  runbook: "Microsoft.Automation/automationAccounts/runbooks",
  automationVariables: "Microsoft.Automation/automationAccounts/variables",
  vaultSecret: "Microsoft.KeyVault/vaults/secrets",
};

/** The names that Azure would refuse for a tenant of this name, because of a reserved word or of their form. Not those of its own patterns. */
export function refusedNames(stack: string, location: string, patterns: NamePatterns = {}): string[] {
  const names = namesOf(stack, location, patterns);
  return (Object.keys(types) as NameKind[])
    .filter((kind) => patterns[kind] === undefined && faultOf(kind, names[kind]) !== undefined)
    .map((kind) => names[kind]);
}

/** A mistake for each of a tenant's own patterns that makes a name which Azure, or the program, does not take. */
export function patternMistakes(stack: string, location: string, patterns: NamePatterns): ConfigMistake[] {
  const names = namesOf(stack, location, patterns);
  return (Object.keys(patterns) as NameKind[]).flatMap((kind) => {
    const fault = patterns[kind] === undefined ? undefined : faultOf(kind, names[kind]);
    return fault === undefined
      ? []
      : [mistake(["names", kind], `expects another pattern: ${names[kind]} ${fault}`)];
  });
}

function namesOf(stack: string, location: string, patterns: NamePatterns): ResourceNames {
  return resourceNames({ stack, location, suffix: "000000", patterns });
}

/** Why the name cannot be, as the end of a sentence that begins with it. */
function faultOf(kind: NameKind, name: string): string | undefined {
  const type = types[kind] ?? "";
  const longest = longestName(kind);
  if (name.length > longest) return `has ${name.length} characters, and may have ${longest}`;
  const rule = nameRuleOf(type);
  const fits =
    rule === undefined ||
    (name.length >= rule.minLength && name.length <= rule.maxLength && rule.pattern.test(name));
  if (!fits) return rule.words;
  return isReservedName(type, name) ? "holds a word that Azure reserves, such as microsoft" : undefined;
}
