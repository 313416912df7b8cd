import {
  resourceId as idOf,
  pathInputs,
  type ResourceTypeCatalogue,
  type TokenDescriptor,
} from "../../azure-resource-types";
import { EmulatorError } from "../errors/emulator-error";
import { isUnknown, type WireProperties } from "./wire-values";

/** The type's descriptor. @throws EmulatorError QT7001 if the catalogue has none. */
export function describedType(types: ResourceTypeCatalogue, token: string): TokenDescriptor {
  const described = types.byToken(token);
  if (!described) throw new EmulatorError("QT7001", { token });
  return described;
}

/**
 * The resource's id in the program's spelling.
 * @returns undefined if a part is not known yet.
 */
export function knownResourceId(
  described: TokenDescriptor,
  inputs: WireProperties,
  subscriptionId: string,
): string | undefined {
  if (pathInputs(described).some((name) => isUnknown(inputs[name]))) return undefined;
  return idOf(described, inputs, subscriptionId);
}
