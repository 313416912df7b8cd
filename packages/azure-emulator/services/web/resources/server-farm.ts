import { ArmError } from "../../../control-plane/arm-error";
import type { ResourceType } from "../../../control-plane/local-service";

export const SERVER_FARM_TYPE = "Microsoft.Web/serverfarms";

/** A plan. Only Flex Consumption (FC1) runs here. */
export function serverFarmType(): ResourceType {
  return {
    type: SERVER_FARM_TYPE,
    async put({ name, body }) {
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
        properties: { status: "Ready", provisioningState: "Succeeded" },
      };
    },
  };
}
