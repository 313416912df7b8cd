/**
 * The rule of a type's names, as documented. The published types have none for most of these.
 * Source: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules.
 */
export interface NameRule {
  readonly minLength: number;
  readonly maxLength: number;
  /** What the whole name must match, apart from its length. */
  readonly pattern: RegExp;
  /** The rule in words, as the end of a sentence that begins with the name. */
  readonly words: string;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CONTROL = "\\u0000-\\u001f\\u007f";

/** Names without some characters, which do not end with one of `lastNot`. */
function without(characters: string, maxLength: number, lastNot: string): NameRule {
  const escaped = characters.replace(/[\\\]^-]/g, "\\$&");
  return {
    minLength: 1,
    maxLength,
    pattern: new RegExp(`^[^${escaped}${CONTROL}]*[^${escaped}${CONTROL}${lastNot}]$`, "u"),
    words: `must have 1 to ${maxLength} characters, none of them one of ${characters} or a control character, and not end with a space or a period`,
  };
}

/** Names of Microsoft.Network. */
function networkName(minLength: number, maxLength: number): NameRule {
  return {
    minLength,
    maxLength,
    pattern: /^[a-z0-9]([\w.-]*\w)?$/i,
    words: `must have ${minLength} to ${maxLength} letters, digits, underscores, periods and hyphens, begin with a letter or a digit and end with a letter, a digit or an underscore`,
  };
}

const asset = without("<>*%&:\\?.+/", 128, " ");
const alertRule = without("*#&+:<>?@%{}\\/|", 260, " .");
const rules: Readonly<Record<string, NameRule>> = {
  "Microsoft.Resources/resourceGroups": {
    minLength: 1,
    maxLength: 90,
    pattern: /^[\p{L}\p{N}_().-]*[\p{L}\p{N}_()-]$/u,
    words:
      "must have 1 to 90 letters, digits, underscores, hyphens, periods and parentheses, and not end with a period",
  },
  "Microsoft.ManagedIdentity/userAssignedIdentities": {
    minLength: 3,
    maxLength: 128,
    pattern: /^[a-z0-9][\w-]*$/i,
    words: "must have 3 to 128 letters, digits, hyphens and underscores, and begin with a letter or a digit",
  },
  "Microsoft.Authorization/roleAssignments": {
    minLength: 36,
    maxLength: 36,
    pattern: GUID,
    words: "must be a GUID",
  },
  "Microsoft.Authorization/roleDefinitions": {
    minLength: 36,
    maxLength: 36,
    pattern: GUID,
    words: "must be a GUID",
  },
  "Microsoft.KeyVault/vaults": {
    minLength: 3,
    maxLength: 24,
    pattern: /^[a-z](?!.*--)[a-z0-9-]*[a-z0-9]$/i,
    words:
      "is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens",
  },
  "Microsoft.KeyVault/vaults/secrets": {
    minLength: 1,
    maxLength: 127,
    pattern: /^[a-z0-9-]+$/i,
    words: "must have 1 to 127 letters, digits and hyphens",
  },
  "Microsoft.Storage/storageAccounts": {
    minLength: 3,
    maxLength: 24,
    pattern: /^[a-z0-9]+$/,
    words:
      "is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only",
  },
  "Microsoft.Storage/storageAccounts/blobServices/containers": {
    minLength: 3,
    maxLength: 63,
    pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/,
    words: "contains invalid characters or length",
  },
  "Microsoft.OperationalInsights/workspaces": {
    minLength: 4,
    maxLength: 63,
    pattern: /^[a-z0-9][a-z0-9-]*[a-z0-9]$/i,
    words: "must have 4 to 63 letters, digits and inner hyphens",
  },
  "Microsoft.Insights/components": without("%&\\?/", 260, " ."),
  "Microsoft.Insights/actionGroups": without(":<>+/&%\\?|", 260, " ."),
  "Microsoft.Insights/metricAlerts": alertRule,
  "Microsoft.Insights/scheduledQueryRules": without("*<>%{}&:\\?/#|", 260, " ."),
  "Microsoft.Insights/diagnosticSettings": without("*#<>%&:\\?+/", 260, " ."),
  "Microsoft.Consumption/budgets": {
    minLength: 1,
    maxLength: 63,
    pattern: /^[\w-]+$/,
    words: "must have 1 to 63 letters, digits, hyphens and underscores",
  },
  "Microsoft.Network/virtualNetworks": networkName(2, 64),
  "Microsoft.Network/virtualNetworks/subnets": networkName(1, 80),
  "Microsoft.Network/networkSecurityGroups": networkName(1, 80),
  "Microsoft.Network/privateEndpoints": networkName(2, 64),
  "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": networkName(1, 80),
  "Microsoft.Network/privateDnsZones/virtualNetworkLinks": networkName(1, 80),
  ...Object.fromEntries(
    [
      "Microsoft.KeyVault/vaults",
      "Microsoft.Storage/storageAccounts",
      "Microsoft.Sql/servers",
      "Microsoft.DataFactory/factories",
      "Microsoft.Web/sites",
    ].map((service) => [`${service}/privateEndpointConnections`, without("<>*%&:\\/?", 128, " .")]),
  ),
  "Microsoft.Network/privateDnsZones/A": {
    minLength: 1,
    maxLength: 253,
    pattern: /^(@|(\*|[a-z0-9_-]+)(\.[a-z0-9_-]+)*)$/i,
    words: "must have 1 to 253 characters, in labels of letters, digits, underscores and hyphens",
  },
  "Microsoft.Sql/servers/virtualNetworkRules": {
    minLength: 1,
    maxLength: 128,
    pattern: /^[a-z0-9][\w-]*$/i,
    words: "must have 1 to 128 letters, digits, underscores and hyphens, and begin with a letter or a digit",
  },
  "Microsoft.Network/privateDnsZones": {
    minLength: 1,
    maxLength: 63,
    // Its length without the dots; two labels at least.
    pattern: /^(?=.*\.)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i,
    words: "must have 1 to 63 characters and 2 to 34 labels of letters, digits, underscores and hyphens",
  },
  "Microsoft.Sql/servers": {
    minLength: 1,
    maxLength: 63,
    pattern: /^(?!-)[a-z0-9-]*[a-z0-9]$/,
    words:
      "is an invalid name. A server's name has 1 to 63 lowercase letters 'a'-'z', the numbers 0-9 and the hyphen. The hyphen may not lead or trail in the name",
  },
  "Microsoft.Sql/servers/databases": without("<>*%&:\\/?", 128, " ."),
  "Microsoft.Sql/servers/elasticPools": without("<>*%&:\\/?", 128, " ."),
  "Microsoft.Sql/servers/firewallRules": without("<>*%&:;\\/?", 128, "."),
  "Microsoft.DataFactory/factories": {
    minLength: 3,
    maxLength: 63,
    pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/i,
    words: "must have 3 to 63 letters, digits and single inner hyphens",
  },
  "Microsoft.Automation/automationAccounts": {
    minLength: 6,
    maxLength: 50,
    pattern: /^[a-z][a-z0-9-]*[a-z0-9]$/i,
    words:
      "must have 6 to 50 letters, digits and hyphens, begin with a letter and end with a letter or a digit",
  },
  "Microsoft.Automation/automationAccounts/runbooks": {
    minLength: 1,
    maxLength: 63,
    pattern: /^[a-z][\w-]*$/i,
    words: "must have 1 to 63 letters, digits, underscores and hyphens, and begin with a letter",
  },
  "Microsoft.Automation/automationAccounts/variables": asset,
  "Microsoft.Automation/automationAccounts/credentials": asset,
  "Microsoft.Automation/automationAccounts/webhooks": asset,
  "Microsoft.Web/serverfarms": {
    minLength: 1,
    maxLength: 60,
    pattern: /^[\p{L}\p{N}-]+$/u,
    words: "must have 1 to 60 letters, digits and hyphens",
  },
  "Microsoft.Web/sites": {
    minLength: 2,
    maxLength: 60,
    pattern: /^[\p{L}\p{N}][\p{L}\p{N}-]*[\p{L}\p{N}]$/u,
    words: "is not a valid name for a site: 2 to 60 letters, digits and inner hyphens",
  },
};

const byType: ReadonlyMap<string, NameRule> = new Map(
  Object.entries(rules).map(([type, rule]) => [type.toLowerCase(), rule]),
);

/** The documented rule of a type's names, by Resource Manager's name of the type in any case. */
export function nameRuleOf(type: string): NameRule | undefined {
  return byType.get(type.toLowerCase());
}
