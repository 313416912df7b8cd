import { type NameKind, nameKinds } from "../../../infra/naming";
import type { Platform } from "../platform";
import type { GivenNetwork } from "../platform-network";
import type { Factors, Row } from "./all-pairs";

/** What a tenant finds in its region and may bring. */
export interface Site {
  readonly existing: Platform["existing"];
  readonly network: GivenNetwork;
}

/** Settings of a tenant, without the namespace; those of several levels are joined, and so are their members. */
type Settings = Readonly<Record<string, unknown>>;
type Level = (site: Site) => Settings;

/** The regions that deploy: with a pair, one without Azure's preview of few instances, and one without a pair. */
export const deployedRegions = ["westeurope", "northeurope", "italynorth"] as const;
/** Sovereign clouds. */
const otherClouds = ["usgovvirginia", "chinaeast2"];

const nothing: Level = () => ({});
const bring = (kind: keyof Platform["existing"]) => ({
  own: nothing,
  brought: ({ existing }: Site) => ({ existing: { [kind]: existing[kind] } }),
});

/** Company patterns for every kind: without hyphens where Azure takes none, with the suffix where the whole world shares the names. */
const names: Readonly<Record<NameKind, string>> = {
  ...(Object.fromEntries(
    nameKinds.map((kind) => [kind, `${kind.slice(0, 12).toLowerCase()}-{tenant}-{suffix}`]),
  ) as Record<NameKind, string>),
  keyVault: "kv-{tenant}-{suffix}",
  storageAccount: "st{tenant}{suffix}p01",
  functionApp: "func-{tenant}-{suffix}",
  pipelineStarterRole: "Pipeline starter of {tenant} in {region}",
};

/** The service principal that starts pipelines in place of the Automation account. */
const starter = {
  clientId: "00000000-0000-0000-0000-0000000000c1",
  objectId: "00000000-0000-0000-0000-0000000000c2",
};

const firstOfMonth = `${new Date().toISOString().slice(0, 8)}01`;

/**
 * What a tenant may choose, with what each level sets; the first is the usual one. A level that `tenant check` refuses together with
 * others is taken out by it.
 */
export const choices: Readonly<Record<string, Readonly<Record<string, Level>>>> = {
  network: {
    public: nothing,
    privateOwn: () => ({ network: { mode: "private", addressSpace: "10.91.0.0/24" } }),
    privateGivenZones: ({ network }) => ({ network: "private", existing: network }),
  },
  region: Object.fromEntries(
    [...deployedRegions, ...otherClouds].map((location) => [location, () => ({ location })]),
  ),
  resourceGroup: bring("resourceGroup"),
  automationAccount: bring("automationAccount"),
  sqlServer: bring("sqlServer"),
  elasticPool: bring("elasticPool"),
  workspace: bring("logAnalyticsWorkspace"),
  keyVault: bring("keyVault"),
  functionIdentity: bring("functionIdentity"),
  pipelineStarterRole: bring("pipelineStarterRole"),
  names: { usual: nothing, company: () => ({ names }) },
  sku: {
    serverless: nothing,
    provisioned: () => ({ sql: { skuName: "GP_Gen5", capacity: 4, maxSizeGb: 64 } }),
    businessCritical: () => ({ sql: { skuName: "BC_Gen5" } }),
    hyperscale: () => ({ sql: { skuName: "HS_Gen5" } }),
    dtu: () => ({ sql: { skuName: "S0" } }),
  },
  backup: {
    usual: nothing,
    local: () => ({ sql: { backupRedundancy: "Local" } }),
    zone: () => ({ sql: { backupRedundancy: "Zone" } }),
    geo: () => ({ sql: { backupRedundancy: "Geo" } }),
  },
  auditing: { on: nothing, off: () => ({ sql: { auditing: false } }) },
  waitForEnd: { no: nothing, yes: () => ({ runbook: { waitForEnd: true } }) },
  starter: {
    account: nothing,
    principal: () => ({ runbook: { credential: { ...starter, clientSecret: { secure: "v1:a:b" } } } }),
  },
  rotation: {
    first: nothing,
    kept: () => ({
      rotation: {
        webhook: { generation: 2, keepUntil: "2099-12-31" },
        functionKey: { generation: 2, keepUntil: "2099-12-31" },
      },
      webhookExpiry: `${new Date().getUTCFullYear() + 2}-12-31`,
    }),
  },
  function: {
    usual: nothing,
    small: () => ({
      function: { memoryMb: 512, nodeVersion: "22", maximumPageMb: 10, rollingUpdates: true },
    }),
    few: () => ({ function: { memoryMb: 4096, maximumInstances: 7 } }),
  },
  alerts: {
    none: nothing,
    mail: () => ({ alertEmail: "data-team@example.com" }),
    budget: () => ({
      ...{ alertEmail: "data-team@example.com", budget: { monthlyAmount: 200, startDate: firstOfMonth } },
    }),
  },
  studio: {
    none: nothing,
    gitHub: () => ({ studio: { host: "GitHub", account: "northgate", repository: "bordereaux" } }),
    azureDevOps: () => ({
      ...{ studio: { host: "AzureDevOps", account: "northgate", project: "Data", repository: "bordereaux" } },
    }),
  },
  reconcile: {
    usual: nothing,
    evening: () => ({ reconcile: { time: "22:15", timeZone: "GMT Standard Time" } }),
  },
  tags: {
    none: nothing,
    own: () => ({ tags: { costCentre: "4711", ring: "2" } }),
    policy: () => ({ policyTags: ["costCentre"] }),
  },
  unknownDatasets: { ignore: nothing, land: () => ({ unknownDatasets: "land" }) },
  retention: { usual: nothing, own: () => ({ retention: { deletedRowsDays: 30, retiredTablesDays: 60 } }) },
};

export const factors: Factors = Object.fromEntries(
  Object.entries(choices).map(([factor, levels]) => [factor, Object.keys(levels)]),
);

export const isClosed = (row: Row) => row.network !== "public";

/** What of the row is not the usual level, for a title. */
export function titleOf(row: Row): string {
  const unusual = Object.entries(row).filter(([factor, level]) => factors[factor]?.[0] !== level);
  return unusual.map(([factor, level]) => `${factor} ${level}`).join(", ") || "the usual";
}

/** The stack file of a tenant with the row's settings; JSON is YAML. */
export function stackFile(row: Row, site: Site): string {
  const { location, ...settings } = Object.entries(row)
    .map(([factor, level]) => choices[factor]?.[level]?.(site) ?? {})
    .reduce<Settings>((joined, more) => joinedWith(joined, more), base);
  const own = Object.entries(settings).map(([name, value]) => [`quantemplate:${name}`, value]);
  const config = { "azure-native:location": location, ...Object.fromEntries(own) };
  return `${JSON.stringify({ config }, null, 1)}\n`;
}

/** Never protected: the test deletes it. */
const base: Settings = {
  organisationId: "org-combined",
  clientId: "combined-client",
  emulatorOnly: true,
  protect: "false",
  datasets: [
    {
      id: "d-bordereau-premium",
      table: "premium_bordereau",
      keyColumns: ["Policy Reference", "Line Number"],
    },
  ],
};

function joinedWith(one: Settings, more: Settings): Settings {
  const members = Object.entries(more).map(([name, value]) => {
    const before = one[name];
    const isJoined = [before, value].every((each) => typeof each === "object" && !Array.isArray(each));
    return [name, isJoined ? { ...(before as Settings), ...(value as Settings) } : value];
  });
  return { ...one, ...Object.fromEntries(members) };
}
