import { createHash } from "node:crypto";

/** The parts of every name in a tenant's environment. */
export interface NamingInput {
  /** Stack name: the tenant. */
  readonly stack: string;
  /** Azure region such as `westeurope`. */
  readonly location: string;
  /** Six characters of [a-z0-9], kept in the state: names of storage, vaults, servers and sites must be globally unique. */
  readonly suffix: string;
  /** The tenant's own patterns, by kind; a kind without one is named by the rule here. */
  readonly patterns?: NamePatterns | undefined;
}

/** Azure's limits for the names of one kind of resource. */
interface Rule {
  readonly prefix: string;
  readonly max: number;
  /** What separates the parts: a hyphen or nothing. */
  readonly separator: "-" | "";
}

const rules = {
  resourceGroup: { prefix: "rg-qt", max: 90, separator: "-" },
  keyVault: { prefix: "kv-qt", max: 24, separator: "-" },
  storageAccount: { prefix: "stqt", max: 24, separator: "" },
  workspace: { prefix: "log-qt", max: 63, separator: "-" },
  applicationInsights: { prefix: "appi-qt", max: 63, separator: "-" },
  actionGroup: { prefix: "ag-qt", max: 63, separator: "-" },
  sqlServer: { prefix: "sql-qt", max: 63, separator: "-" },
  dataFactory: { prefix: "adf-qt", max: 63, separator: "-" },
  automationAccount: { prefix: "aa-qt", max: 50, separator: "-" },
  plan: { prefix: "asp-qt", max: 40, separator: "-" },
  // A Functions host id is the first 32 characters of the name: longer names with the same beginning would share one.
  functionApp: { prefix: "func-qt", max: 32, separator: "-" },
  functionIdentity: { prefix: "id-qt", max: 63, separator: "-" },
  // The display name of a custom role is unique in the whole directory.
  pipelineStarterRole: { prefix: "Quantemplate pipeline starter", max: 128, separator: "-" },
  virtualNetwork: { prefix: "vnet-qt", max: 64, separator: "-" },
  // What the names of private endpoints begin with.
  privateEndpoints: { prefix: "pep-qt", max: 58, separator: "-" },
  // What follows stands in resources that several tenants may share.
  // What the names of alerts and of the budget begin with.
  alertRules: { prefix: "qt", max: 56, separator: "-" },
  sqlDatabase: { prefix: "sqldb-qt", max: 128, separator: "-" },
  runbook: { prefix: "Start-QuantemplateLoad", max: 63, separator: "-" },
  // What the names of a tenant's variables begin with; the longest of them adds 22 characters to it.
  automationVariables: { prefix: "qt", max: 63, separator: "-" },
  vaultSecret: { prefix: "quantemplate-client-secret", max: 127, separator: "-" },
} as const satisfies Record<string, Rule>;

export type NameKind = keyof typeof rules;
export type ResourceNames = Readonly<Record<NameKind, string>>;
/** Names with {@link namePart}s in them, by kind. */
export type NamePatterns = Readonly<Partial<Record<NameKind, string | undefined>>>;

export const nameKinds = Object.keys(rules) as readonly NameKind[];

/** A part of a name that differs from tenant to tenant. */
const namePart = /\{(tenant|region|suffix)\}/g;

/** Names within Azure's limits: prefix, tenant, region if there is room, suffix. The suffix is never cut. A pattern is filled in and not cut. */
export function resourceNames(input: NamingInput): ResourceNames {
  const entries = nameKinds.map((kind) => {
    const pattern = input.patterns?.[kind];
    const rule = rules[kind];
    return [kind, pattern === undefined ? resourceName(rule, input) : filledIn(pattern, rule, input)];
  });
  return Object.fromEntries(entries) as ResourceNames;
}

/** The most characters that the program takes for a name of this kind; Azure may take more. */
export function longestName(kind: NameKind): number {
  return rules[kind].max;
}

function filledIn(pattern: string, { separator }: Rule, { stack, location, suffix }: NamingInput): string {
  const parts = { tenant: slug(stack, separator), region: slug(location, separator), suffix };
  return pattern.replace(namePart, (_, part: keyof typeof parts) => parts[part]);
}

function resourceName({ prefix, max, separator }: Rule, { stack, location, suffix }: NamingInput): string {
  const tenant = slug(stack, separator);
  const tail = `${separator}${suffix}`;
  const join = (...parts: string[]) => parts.filter((part) => part !== "").join(separator);
  const withRegion = join(prefix, tenant, slug(location, separator));
  const room = max - tail.length;
  const head = withRegion.length <= room ? withRegion : join(prefix, tenant).slice(0, room);
  return `${head.replace(/-+$/, "")}${tail}`;
}

/** Lower-case letters and digits, with single separators in place of anything else. */
function slug(text: string, separator: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, separator)
    .replace(/^-+|-+$/g, "");
}

/**
 * A GUID that is the same for the same parts, like Bicep's `guid()`. Role assignments and definitions are named by one; with a
 * random GUID, a lost state would create them again.
 */
export function stableGuid(...parts: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  const variant = ((Number.parseInt(hash.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}
