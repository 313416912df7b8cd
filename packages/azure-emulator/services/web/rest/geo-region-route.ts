import { regions } from "../../../../azure-resource-types";
import type { ArmRoute, LocalContext } from "../../../control-plane/local-service";

const TYPE = "Microsoft.Web/geoRegions";

/**
 * The regions in which plans of a tier can be: every public one for Flex Consumption, which is what runs here, and none for others.
 * Source: learn.microsoft.com/rest/api/appservice/list-geo-regions.
 */
export function geoRegionRoute({ subscriptionId }: Pick<LocalContext, "subscriptionId">): ArmRoute {
  return {
    level: "subscription",
    method: "GET",
    path: `/providers/${TYPE}`,
    action: `${TYPE}/read`,
    async handle({ query: { sku } }) {
      const offered = sku === undefined || /^FlexConsumption$/i.test(sku) ? [...regions.values()] : [];
      const value = offered.map((name) => ({
        id: `/subscriptions/${subscriptionId}/providers/${TYPE}/${name}`,
        name,
        type: TYPE,
        properties: {
          name,
          description: null,
          displayName: name,
          orgDomain: "PUBLIC;FUNCTIONS;FLEXCONSUMPTION;LINUX",
        },
      }));
      return { status: 200, body: { value, nextLink: null } };
    },
  };
}
