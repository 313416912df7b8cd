import { normalRegion } from "./regions";

/** Regions that back each other up (https://learn.microsoft.com/azure/reliability/regions-paired). */
const pairs: readonly (readonly [string, string])[] = [
  ["australiacentral", "australiacentral2"],
  ["australiaeast", "australiasoutheast"],
  ["canadacentral", "canadaeast"],
  ["centralindia", "southindia"],
  ["centralus", "eastus2"],
  ["eastasia", "southeastasia"],
  ["eastus", "westus"],
  ["francecentral", "francesouth"],
  ["germanywestcentral", "germanynorth"],
  ["japaneast", "japanwest"],
  ["jioindiawest", "jioindiacentral"],
  ["koreacentral", "koreasouth"],
  ["northcentralus", "southcentralus"],
  ["northeurope", "westeurope"],
  ["norwayeast", "norwaywest"],
  ["southafricanorth", "southafricawest"],
  ["swedencentral", "swedensouth"],
  ["switzerlandnorth", "switzerlandwest"],
  ["uaenorth", "uaecentral"],
  ["uksouth", "ukwest"],
  ["westus2", "westcentralus"],
];

/** Regions whose pair has another pair. */
const oneWay: readonly (readonly [string, string])[] = [
  ["brazilsouth", "southcentralus"],
  ["brazilsoutheast", "brazilsouth"],
  ["westindia", "southindia"],
  ["westus3", "eastus"],
];

const pairOf: ReadonlyMap<string, string> = new Map([
  ...pairs.flatMap(([one, other]): [string, string][] => [
    [one, other],
    [other, one],
  ]),
  ...oneWay,
]);

/** The region that Azure copies a region's data to; undefined for a region without a pair. */
export function pairedRegion(location: string): string | undefined {
  return pairOf.get(normalRegion(location));
}
