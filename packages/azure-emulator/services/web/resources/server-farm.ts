import { normalRegion, regions } from "../../../../azure-resource-types";
import { ArmError } from "../../../control-plane/arm-error";
import type { LocalContext, ResourceType } from "../../../control-plane/local-service";
import { resourceGroupOf, sameId } from "../../../control-plane/resource-id";
import { armRules, refusal } from "../../../control-plane/rules/azure-rule";

export const SERVER_FARM_TYPE = "Microsoft.Web/serverfarms";

export const serverFarmRules = armRules("App Service plans", {
  used: {
    what: "A plan is deleted only after its apps, or together with them.",
    source: "https://github.com/hashicorp/terraform-provider-azurerm/issues/13377",
    answer: { status: 409, code: "Conflict" },
    test: ["services/web/web-rules.itest.ts", "deletes a plan only after its apps"],
  },
});

/** A plan. Only Flex Consumption (FC1) runs here. */
export function serverFarmType({
  resources,
  subscriptionId,
}: Pick<LocalContext, "resources" | "subscriptionId">): ResourceType {
  return {
    type: SERVER_FARM_TYPE,
    mayDelete({ id, name }, stays) {
      const apps = resources
        .list({ type: "Microsoft.Web/sites" })
        .filter((site) => sameId(String(site.properties.serverFarmId), id) && stays(site.id));
      if (apps.length === 0) return;
      throw refusal(
        serverFarmRules.rules.used,
        `Server farm '${name}' cannot be deleted because it has web app(s) ${apps.map((app) => app.name).join(",")} assigned to it.`,
      );
    },
    async put({ id, name, body }) {
      if (body.sku?.name !== "FC1") {
        throw new ArmError(
          400,
          "BadRequest",
          `The plan '${name}' has the sku '${String(body.sku?.name)}'; the emulator runs FC1 (Flex Consumption) only.`,
        );
      }
      if (body.properties?.reserved !== true) {
        throw new ArmError(
          400,
          "BadRequest",
          `The plan '${name}' needs reserved: true; Flex Consumption is Linux only.`,
        );
      }
      return {
        kind: body.kind ?? "functionapp",
        sku: { ...body.sku, tier: "FlexConsumption", size: "FC1", family: "FC", capacity: 0 },
        properties: {
          status: "Ready",
          provisioningState: "Succeeded",
          subscription: subscriptionId,
          resourceGroup: resourceGroupOf(id)?.split("/").at(-1),
          geoRegion: regions.get(normalRegion(body.location ?? "")),
          numberOfWorkers: 0,
          maximumNumberOfWorkers: 1000,
        },
      };
    },
  };
}
