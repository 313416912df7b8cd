import { ARM_AUDIENCE, GRAPH_AUDIENCE } from "./identity";
import type { RuleArea } from "./rules/azure-rule";

export const audienceRules: RuleArea = {
  area: "Tokens",
  rules: {
    unknown: {
      what: "A token is issued only for a resource that the directory knows: Azure's own, and those that the host names.",
      source: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS500011)",
      answer: { status: 400, code: "AADSTS500011" },
      test: ["control-plane/audiences.itest.ts", "refuses tokens for resources that do not exist"],
      moreTests: [
        ["control-plane/audiences.itest.ts", "are those that exist, with any number of slashes at the end"],
      ],
    },
    resource: {
      what: "A request at version 1 of the token endpoint names its resource.",
      source: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS900144)",
      answer: { status: 400, code: "AADSTS900144" },
      test: [
        "control-plane/audiences.itest.ts",
        "are a resource in the older version of the token endpoint, whose numbers are texts",
      ],
    },
  },
};

const withoutSlash = (address: string) => address.replace(/\/+$/, "");
const RESOURCE_MANAGER = withoutSlash(ARM_AUDIENCE);
const GRAPH = withoutSlash(GRAPH_AUDIENCE);
/** Where Microsoft Graph is at the gateway. Clients that know its address alone use that as the audience. */
export const GRAPH_PATH = "/graph";

/** The directory knows no such resource. `message` is Entra's, with its number. */
export class UnknownAudienceError extends Error {
  /** Entra's number, as in `error_codes`. */
  readonly number = 500011;
  constructor(audience: string, tenantId: string) {
    super(
      `AADSTS500011: The resource principal named ${audience} was not found in the tenant named ${tenantId}. This can happen if the application ` +
        "has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your " +
        "authentication request to the wrong tenant.",
    );
  }
}

/** Other names of resources: their application ids, and Resource Manager's older address. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["00000003-0000-0000-c000-000000000000", GRAPH],
  ["797f4846-ba00-4fd7-ba43-dac1f8f63013", RESOURCE_MANAGER],
  ["https://management.core.windows.net", RESOURCE_MANAGER],
  ["cfa8b339-82a2-471a-a3c9-0fc0be7a4093", "https://vault.azure.net"],
  ["022907d3-0f1b-48f7-badc-1ba6abab6d66", "https://database.windows.net"],
  ["e406a681-f3d4-42a8-90b6-c2b029497af1", "https://storage.azure.com"],
]);

/**
 * One spelling for each audience: no scope suffix, no trailing slash, and one name for each resource.
 * @param gateway the address of the local Resource Manager, below which Graph is
 */
export function normaliseAudience(audience: string, gateway?: string): string {
  const name = withoutSlash(audience.replace(/\/\.default$/, ""));
  for (const own of [gateway, gateway?.replace("127.0.0.1", "localhost")]) {
    if (name === own) return RESOURCE_MANAGER;
    if (own !== undefined && name === `${own}${GRAPH_PATH}`) return GRAPH;
  }
  return ALIASES.get(name.toLowerCase()) ?? name;
}

/** Public Azure's resources without a trailing slash (https://learn.microsoft.com/azure/active-directory/managed-identities-azure-resources/services-id-authentication-support). */
const KNOWN: ReadonlySet<string> = new Set([
  "https://management.azure.com",
  "https://vault.azure.net",
  "https://managedhsm.azure.net",
  "https://storage.azure.com",
  "https://database.windows.net",
  "https://sql.azuresynapse.net",
  "https://ossrdbms-aad.database.windows.net",
  "https://graph.microsoft.com",
  "https://graph.windows.net",
  "https://api.loganalytics.io",
  "https://api.applicationinsights.io",
  "https://monitor.azure.com",
  "https://monitoring.azure.com",
  "https://datalake.azure.net",
  "https://dev.azuresynapse.net",
  "https://eventhubs.azure.net",
  "https://servicebus.azure.net",
  "https://batch.core.windows.net",
  "https://cognitiveservices.azure.com",
  "https://search.azure.com",
  "https://cosmos.azure.com",
  "https://azconfig.io",
  // Azure DevOps has no address.
  "499b84ac-1321-427f-aa17-267ca6975798",
]);

/** True if the directory knows the audience, in its {@link normaliseAudience} form. A storage account is one of its own. */
export function isKnownAudience(audience: string, more: readonly string[] = []): boolean {
  if (KNOWN.has(audience) || more.some((other) => withoutSlash(other) === audience)) return true;
  return /^https:\/\/[a-z0-9]{3,24}\.(blob|dfs|queue|table|file)\.core\.windows\.net$/.test(audience);
}
