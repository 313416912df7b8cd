import { type ConfigPath, configKey, lenientSettings, NAMESPACE } from "../infra/config-check";
import { FEWEST_INSTANCES, fewInstanceRegions, takesFewInstances } from "../packages/azure-resource-types";
import { flatConfig, type Tenant } from "./tenant";
import type { PlacedMistake } from "./yaml-source";

/** A warning if the function has fewer instances than Flex Consumption takes in the tenant's region, as far as is known. */
export function instanceLimitMistakes(tenant: Tenant): PlacedMistake[] {
  const { location, function: sizing } = lenientSettings(flatConfig(tenant));
  const instances = (sizing as { maximumInstances?: unknown } | undefined)?.maximumInstances;
  if (!Number.isInteger(instances) || Number(instances) < 1 || Number(instances) >= FEWEST_INSTANCES)
    return [];
  if (typeof location !== "string" || takesFewInstances(location)) return [];
  const path: ConfigPath = [`${NAMESPACE}:function`, "maximumInstances"];
  return [
    {
      ...(tenant.places.nearest(path) ?? tenant.end),
      key: configKey(path),
      message: `is below ${FEWEST_INSTANCES}, which Azure takes in ${fewInstanceRegions.join(", ")} only, and there as a preview`,
      fix: `Leave it at ${FEWEST_INSTANCES}: only instances that run are paid for, and Fivetran's calls need one or two.`,
      isWarning: true,
    },
  ];
}
