import * as z from "zod";
import { type Reached, reached } from "../network/reached";
import { text } from "../schema-parts";
import { type ExistingKind, kinds } from "./kinds";

const GUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const GROUP = `/subscriptions/${GUID}/resourceGroups/[^/]+`;

/** The id of a resource of a type, such as `/subscriptions/…/providers/Microsoft.Sql/servers/sql-1`. */
function idOf(kind: Exclude<ExistingKind, "resourceGroup">) {
  const { type } = kinds[kind];
  const [namespace = "", ...names] = type.split("/");
  const path = [namespace.replaceAll(".", "\\."), ...names.map((name) => `${name}/[^/]+`)].join("/");
  return text(new RegExp(`^${GROUP}/providers/${path}$`, "i"), `the resource id of a ${type}`).optional();
}

function zone(kind: Reached) {
  const name = reached[kind].zone;
  const source = `^${GROUP}/providers/Microsoft\\.Network/privateDnsZones/${name.replaceAll(".", "\\.")}$`;
  return text(new RegExp(source, "i"), `the resource id of the zone ${name}`).optional();
}

/** The setting `existing`. */
export const existingSchema = z
  .strictObject({
    resourceGroup: text(/^[\w().-]{1,90}$/, "the name of a resource group")
      .optional()
      .describe("The resource group, by its name, in which everything of the tenant is made."),
    automationAccount: idOf("automationAccount").describe(
      "The Automation account in which the tenant has its own runbook, webhook and variables.",
    ),
    sqlServer: idOf("sqlServer").describe("The SQL server on which the tenant has its own database."),
    elasticPool: idOf("elasticPool").describe("The pool, on that server, that the database is in."),
    logAnalyticsWorkspace: idOf("logAnalyticsWorkspace").describe("The workspace that logs go to."),
    keyVault: idOf("keyVault").describe("The vault in which the tenant has its own secret."),
    functionIdentity: idOf("functionIdentity").describe("The user-assigned identity of the function app."),
    functionSubnet: idOf("functionSubnet").describe(
      "With network: private, the subnet of the function app; delegated to Microsoft.App/environments.",
    ),
    endpointsSubnet: idOf("endpointsSubnet").describe(
      "With network: private, the subnet of the private endpoints.",
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
        "With network: private, the zones that get the names, or managedByPolicy: true if a policy writes them. By default, they are made.",
      ),
    pipelineStarterRole: text(
      new RegExp(`^(?:/.+)?/providers/Microsoft\\.Authorization/roleDefinitions/${GUID}$`, "i"),
      "the resource id of a Microsoft.Authorization/roleDefinitions",
    )
      .optional()
      .describe("The role by which the runbook starts pipelines; by default, one is made for each tenant."),
  })
  .check(({ value, issues }) => {
    const { sqlServer, elasticPool, functionSubnet, endpointsSubnet } = value;
    if ((functionSubnet === undefined) !== (endpointsSubnet === undefined)) {
      const missing = functionSubnet === undefined ? "functionSubnet" : "endpointsSubnet";
      const message = "a subnet of the same network: both subnets are given, or none";
      issues.push({ code: "custom", path: [missing], message, input: value });
    }
    if (elasticPool === undefined) return;
    const server = elasticPool.replace(/\/elasticPools\/[^/]+$/i, "");
    if (sqlServer?.toLowerCase() === server.toLowerCase()) return;
    const message = `a pool of sqlServer, which must be set too: ${server}`;
    issues.push({ code: "custom", path: ["elasticPool"], message, input: elasticPool });
  })
  .prefault({})
  .describe(
    "Resources that the tenant uses instead of making them. They are read, and never changed, tagged or deleted.",
  );

export type ExistingSettings = z.output<typeof existingSchema>;
