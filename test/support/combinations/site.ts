import type { LocalAzure } from "../../../local/local-azure";
import { makePlatform } from "../platform";
import { makeNetwork } from "../platform-network";
import type { Site } from "./factors";

/** The group of a network team. */
export const networkGroup = (subscriptionId: string, suffix = "") =>
  `/subscriptions/${subscriptionId}/resourceGroups/rg-network${suffix}`;

/** Makes what tenants may bring in a region; closed: a landing zone without public endpoints. */
export async function makeSite(azure: LocalAzure, location: string, isClosed: boolean): Promise<Site> {
  const suffix = `-${location}`;
  const groupOf = `rg-tenants${suffix}`;
  const { existing, put } = await makePlatform({ azure }, { location, suffix, groupOf, isClosed });
  const group = networkGroup(azure.context.subscriptionId, suffix);
  return { existing, network: await makeNetwork(put, group, location) };
}
