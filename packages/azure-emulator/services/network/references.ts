import { type AddressRange, isAligned, parseRange } from "../../control-plane/network/address-range";
import type { ArmResource, ResourceStore } from "../../control-plane/resource";
import { sameId } from "../../control-plane/resource-id";
import { refusal } from "../../control-plane/rules/azure-rule";
import { networkRules } from "./network-rules";

const { reference, notation } = networkRules.rules;

/** The resource that `by` names. @throws ArmError 400 if it does not exist or has another type */
export function requireReferenced(
  resources: ResourceStore,
  id: string,
  by: string,
  type?: string,
): ArmResource {
  const found = resources.get(id);
  if (found !== undefined && (type === undefined || sameId(found.type, type))) return found;
  throw refusal(
    reference,
    `Resource ${id} referenced by resource ${by} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
  );
}

/** @throws ArmError 400 for text that is no range, or that begins elsewhere */
export function requireRange(text: string, by: string): AddressRange {
  const range = parseRange(text);
  if (range === undefined || !text.includes("/"))
    throw refusal(
      notation,
      `The address prefix ${text} in resource ${by} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.`,
    );
  if (!isAligned(range))
    throw refusal(
      notation,
      `The address prefix ${text} in resource ${by} has an invalid CIDR notation: it does not begin where a range of its length begins.`,
    );
  return range;
}
