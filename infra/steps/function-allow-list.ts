import type { AzureSession } from "./azure-session";
import { orAbsent } from "./azure-session";
import type { StepDefinition } from "./step-definition";

export interface FunctionAllowListInputs {
  readonly siteId: string;
  /** Ranges of addresses; nobody else reaches the app. Its deployment endpoint has no such list. */
  readonly addresses: readonly string[];
}

interface WebConfig {
  readonly properties?: {
    readonly ipSecurityRestrictions?: readonly { readonly ipAddress?: string }[] | null;
  };
}

const API_VERSION = "2024-04-01";
/** What Azure shows of a list that is empty. */
const EVERYBODY = "Any";

/**
 * Says from where a function app may be called. azure-native would send it with `siteConfig`, which adds settings that Flex Consumption
 * refuses (docs/sources.md, "Functions on Flex Consumption").
 */
export const functionAllowList: StepDefinition<FunctionAllowListInputs, Readonly<Record<string, never>>> = {
  replaceOn: ["siteId"],
  async ensure({ siteId, addresses }, azure) {
    await put(siteId, addresses, azure);
    return { result: {} };
  },
  async read(inputs, azure) {
    const found = await orAbsent(
      azure.arm<WebConfig>("GET", idOf(inputs.siteId), { apiVersion: API_VERSION }),
    );
    if (found === undefined) return undefined;
    const live = (found.properties?.ipSecurityRestrictions ?? [])
      .map(({ ipAddress = "" }) => ipAddress)
      .filter((address) => address !== EVERYBODY);
    return live.join() === inputs.addresses.join() ? inputs : { ...inputs, addresses: live };
  },
  remove: ({ siteId }, azure) => put(siteId, [], azure),
};

const idOf = (siteId: string) => `${siteId}/config/web`;

async function put(siteId: string, addresses: readonly string[], azure: AzureSession): Promise<void> {
  const ipSecurityRestrictions = addresses.map((ipAddress, index) => ({
    ipAddress,
    action: "Allow",
    priority: 100 + index,
    name: `caller-${index + 1}`,
  }));
  const call = azure.arm("PUT", idOf(siteId), {
    apiVersion: API_VERSION,
    json: {
      properties: {
        ipSecurityRestrictions,
        ipSecurityRestrictionsDefaultAction: addresses.length > 0 ? "Deny" : "Allow",
      },
    },
  });
  // An app that is gone has no list.
  await orAbsent(call);
}
