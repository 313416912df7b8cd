import { normalRegion, regions } from "../../../../azure-resource-types";
import { stableGuid } from "../../../../kit/stable-guid";
import { checkLocation } from "../../../control-plane/body-check/locations";
import type { ArmRoute } from "../../../control-plane/local-service";
import { editions, type Size } from "../resources/editions";

/**
 * What a region offers: single databases only. The emulator takes these sizes and makes none faster.
 * Source: Azure/azure-rest-api-specs, specification/sql/resource-manager/Microsoft.Sql, Capabilities_ListByLocation.
 */
export function capabilitiesRoute(): ArmRoute {
  return {
    level: "subscription",
    method: "GET",
    path: "/providers/Microsoft.Sql/locations/:location/capabilities",
    action: "Microsoft.Sql/locations/capabilities/read",
    async handle({ params: { location = "" } }) {
      checkLocation("Microsoft.Sql/locations/capabilities", location);
      const version = {
        name: "12.0",
        supportedEditions: Object.entries(editions).map(edition),
        supportedElasticPoolEditions: [],
        status: "Default",
      };
      return {
        status: 200,
        body: {
          name: regions.get(normalRegion(location)),
          supportedServerVersions: [version],
          supportedManagedInstanceVersions: [],
          status: "Available",
        },
      };
    },
  };
}

function edition([tier, sizes]: [string, readonly Size[]], index: number) {
  const objectives = sizes.flatMap((size) =>
    size.capacities.map((capacity) => objective(tier, size, capacity)),
  );
  return {
    name: tier,
    supportedServiceLevelObjectives: objectives.map((found, place) => ({
      ...found,
      status: statusAt(place),
    })),
    zoneRedundant: false,
    status: statusAt(index),
  };
}

function objective(tier: string, { sku, family }: Size, capacity: number) {
  const name = family === undefined ? sku : `${sku}_${capacity}`;
  return {
    id: stableGuid(`service objective ${name}`),
    name,
    performanceLevel: { value: capacity, unit: family === undefined ? "DTU" : "VCores" },
    sku: { name: sku, tier, ...(family && { family }), capacity },
    zoneRedundant: false,
    computeModel: sku.startsWith("GP_S_") ? "Serverless" : "Provisioned",
  };
}

const statusAt = (index: number) => (index === 0 ? "Default" : "Available");
