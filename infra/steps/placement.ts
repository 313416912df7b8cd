import { QtError } from "../../errors/qt-error";
import { normalRegion } from "../../packages/azure-resource-types";
import { refuseLossyMove } from "../moves/refuse-loss";
import type { Shape } from "../moves/shape";
import { moveWords } from "../moves/words";
import type { StepDefinition } from "./step-definition";

export interface PlacementInputs {
  readonly location: string;
  /** The tenant's `deploymentSalt`. */
  readonly salt: string;
  /** True if nothing that holds data may be lost. */
  readonly protect: boolean;
  readonly shape: Shape;
}

/**
 * Remembers where the tenant is and what it shares, and does nothing in Azure. Another region replaces everything, and Azure keeps the old
 * vault's name for 90 days: under the same names, the deployment would stop at the new vault when the old resources are gone. So a preview
 * refuses it, as it does a move that would lose data.
 */
export const placement: StepDefinition<PlacementInputs, Readonly<Record<string, never>>> = {
  check({ location, salt, protect, shape }, previous) {
    const from = previous.location ?? location;
    if (normalRegion(from) !== normalRegion(location) && salt === previous.salt)
      throw new QtError("QT1211", { from, to: location });
    // Other names are another set of resources.
    if (salt === previous.salt) refuseLossyMove(shape, previous.shape, protect);
  },
  notices: ({ shape }, { shape: before }) =>
    before === undefined ? [] : moveWords(before, shape).map(({ text }) => text),
  ensure: async () => ({ result: {} }),
};
