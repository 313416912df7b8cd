import { QtError } from "../../errors/qt-error";
import { normalRegion } from "../../packages/azure-resource-types";
import type { StepDefinition } from "./step-definition";

export interface PlacementInputs {
  readonly location: string;
  /** The tenant's `deploymentSalt`. */
  readonly salt: string;
}

/**
 * Remembers where the tenant is, and does nothing in Azure. Another region replaces everything, and Azure keeps the old vault's name for 90
 * days: under the same names, the deployment would stop at the new vault when the old resources are gone. So a preview refuses it.
 */
export const placement: StepDefinition<PlacementInputs, Readonly<Record<string, never>>> = {
  check({ location, salt }, previous) {
    const from = previous.location ?? location;
    if (normalRegion(from) !== normalRegion(location) && salt === previous.salt)
      throw new QtError("QT1211", { from, to: location });
  },
  ensure: async () => ({ result: {} }),
};
