import type { ArmRequest, ArmRoute } from "../../../control-plane/local-service";
import type { TriggerRuns } from "../triggers/trigger-runs";

const trigger = "/providers/Microsoft.DataFactory/factories/:factory/triggers/:trigger";
const actions = "Microsoft.DataFactory/factories/triggers";

/** Starts and stops triggers (api-version 2018-06-01). */
export function triggerRoutes(triggers: TriggerRuns): readonly ArmRoute[] {
  return [
    {
      method: "POST",
      path: `${trigger}/start`,
      action: `${actions}/start/action`,
      async handle(request) {
        await triggers.start(idOf(request));
        return { status: 200 };
      },
    },
    {
      method: "POST",
      path: `${trigger}/stop`,
      action: `${actions}/stop/action`,
      async handle(request) {
        await triggers.stop(idOf(request));
        return { status: 200 };
      },
    },
  ];
}

function idOf({ resourceGroupId, params }: ArmRequest): string {
  return `${resourceGroupId}/providers/Microsoft.DataFactory/factories/${params.factory}/triggers/${params.trigger}`;
}
