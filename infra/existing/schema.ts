import * as z from "zod";
import { type Reached, reached } from "../network/reached";
import { text } from "../schema-parts";
import { type ExistingKind, kinds } from "./kinds";

const GUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const GROUP = `/subscriptions/${GUID}/resourceGroups/[^/]+`;

/** Kinds whose id has a pattern of its type alone. */
type PatternKind = Exclude<ExistingKind, "resourceGroup" | `privateDnsZones.${string}`>;

/** The pattern of a type's ids, such as `/subscriptions/…/providers/Microsoft.Sql/servers/sql-1`. */
export function resourceIdSource(kind: PatternKind): {
  readonly type: string;
  readonly source: string;
} {
  const { type } = kinds[kind];
  const [namespace = "", ...names] = type.split("/");
  const path = [namespace.replaceAll(".", "\\."), ...names.map((name) => `${name}/[^/]+`)].join("/");
  return { type, source: `${GROUP}/providers/${path}` };
}

function idOf(kind: PatternKind) {
  const { type, source } = resourceIdSource(kind);
  return text(new RegExp(`^${source}$`, "i"), `the resource id of a ${type}`);
}

function zone(kind: Reached) {
  const name = reached[kind].zone;
  const source = `^${GROUP}/providers/Microsoft\\.Network/privateDnsZones/${name.replaceAll(".", "\\.")}$`;
  return text(new RegExp(source, "i"), `the resource id of the zone ${name}`).optional();
}

const fields = z.strictObject({
  resourceGroup: text(/^[\w().-]{1,90}$/, "the name of a resource group")
    .optional()
    .describe("The resource group, by its name, in which everything of the tenant is made."),
  automationAccount: idOf("automationAccount")
    .optional()
    .describe("The Automation account in which the tenant has its own runbook, webhook and variables."),
  sqlServer: idOf("sqlServer")
    .optional()
    .describe("The SQL server on which the tenant has its own database."),
  elasticPool: idOf("elasticPool")
    .optional()
    .describe(
      "The pool that the database is in, on its server, which is then used too; the database has no size of its own.",
    ),
  logAnalyticsWorkspace: idOf("logAnalyticsWorkspace").optional().describe("The workspace that logs go to."),
  keyVault: idOf("keyVault").optional().describe("The vault in which the tenant has its own secret."),
  functionIdentity: idOf("functionIdentity")
    .optional()
    .describe("The user-assigned identity of the function app."),
  functionSubnet: idOf("functionSubnet")
    .optional()
    .describe(
      "With network: private, the subnet of the function app; delegated to Microsoft.App/environments.",
    ),
  endpointsSubnet: idOf("endpointsSubnet")
    .optional()
    .describe("With network: private, the subnet of the private endpoints."),
  peeredNetworks: z
    .array(idOf("peeredNetworks"), { error: "a list of ids of networks" })
    .optional()
    .describe(
      "With network: private and a network of the tenant's own, the networks that somebody peers with it, such as the runner's: their addresses may not overlap.",
    ),
  privateDnsZones: z
    .strictObject({
      managedByPolicy: z.literal(true, { error: "true" }).optional(),
      sql: zone("sql"),
      vault: zone("vault"),
      blob: zone("blob"),
    })
    .optional()
    .describe(
      "With network: private, the zones that get the names, or managedByPolicy: true if a policy writes them; one of both with given subnets. By default, they are made.",
    ),
  pipelineStarterRole: text(
    new RegExp(`^(?:/.+)?/providers/Microsoft\\.Authorization/roleDefinitions/${GUID}$`, "i"),
    "the resource id of a Microsoft.Authorization/roleDefinitions",
  )
    .optional()
    .describe("The role by which the runbook starts pipelines; by default, one is made for each tenant."),
});

type Given = z.output<typeof fields>;

/** The setting `existing`. */
export const existingSchema = fields
  .check(({ value, issues }) => {
    for (const [path, message] of clashes(value))
      issues.push({ code: "custom", path: [...path], message, input: value });
  })
  .prefault({})
  .describe(
    "Resources that the tenant uses instead of making them. They are read, and never changed, tagged or deleted.",
  );

export type ExistingSettings = z.output<typeof existingSchema>;

/** The id of the server that is used: the pool's, if only the pool is named. */
export function serverOf({
  sqlServer,
  elasticPool,
}: Pick<Given, "sqlServer" | "elasticPool">): string | undefined {
  return sqlServer ?? elasticPool?.replace(/\/elasticPools\/[^/]+$/i, "");
}

/** Members that do not go with each other, with what each expects. */
function clashes(given: Given): (readonly [path: readonly string[], message: string])[] {
  const { elasticPool, functionSubnet, endpointsSubnet, privateDnsZones } = given;
  const found: (readonly [readonly string[], string])[] = [];
  if ((functionSubnet === undefined) !== (endpointsSubnet === undefined)) {
    const missing = functionSubnet === undefined ? "functionSubnet" : "endpointsSubnet";
    found.push([[missing], "a subnet of the same network: both subnets are given, or none"]);
  }
  const poolServer = serverOf({ sqlServer: undefined, elasticPool });
  if (poolServer !== undefined && serverOf(given)?.toLowerCase() !== poolServer.toLowerCase())
    found.push([["elasticPool"], `a pool of sqlServer; this one is of ${poolServer}`]);
  for (const name of Object.keys(reached) as Reached[]) {
    const path = ["privateDnsZones", name];
    if (privateDnsZones?.[name] === undefined) {
      // A zone that is made and linked would take a network's names from everybody in it, and a network has one zone of a name.
      if (functionSubnet && endpointsSubnet && !privateDnsZones?.managedByPolicy)
        found.push([
          path,
          `the network's own zone ${reached[name].zone}, or managedByPolicy: true, since the network is not the tenant's`,
        ]);
    } else if (privateDnsZones.managedByPolicy)
      found.push([path, "no zone beside managedByPolicy, by which a policy writes the names"]);
    else if (endpointsSubnet === undefined)
      found.push([
        path,
        "functionSubnet and endpointsSubnet of a network that the zone is linked with: the program links its own zones only",
      ]);
  }
  return found;
}
