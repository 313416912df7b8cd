import { QtError } from "../../errors/qt-error";
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
    if (normal(from) !== normal(location) && salt === previous.salt)
      throw new QtError("QT1211", { from, to: location });
  },
  ensure: async () => ({ result: {} }),
};

/** `West Europe` is `westeurope`. */
function normal(location: string): string {
  return location.toLowerCase().replaceAll(" ", "");
}
