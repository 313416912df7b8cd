import { normalRegion } from "./regions";

/** The smallest `maximumInstanceCount` of an app on Flex Consumption (https://github.com/Azure/azure-functions-host/issues/10523). */
export const FEWEST_INSTANCES = 40;

/** Where Azure takes fewer, "in a preview/testing capacity" (the same thread). */
export const fewInstanceRegions: readonly string[] = ["westeurope", "australiaeast", "westus2"];

/** True if an app in the region may have fewer instances. */
export function takesFewInstances(location: string): boolean {
  return fewInstanceRegions.includes(normalRegion(location));
}
