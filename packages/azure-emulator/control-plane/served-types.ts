import type { ResourceTypeCatalogue } from "../../azure-resource-types";
import { EmulatorError } from "../errors/emulator-error";
import { answerOf } from "./arm-error";
import type { ControlPlane, LocalService, ResourceType } from "./local-service";

/** The service of the types that only have to exist. */
export const PASSIVE_SERVICE = "passive";

/** The part of a service that says which types it runs. */
export type TypeOwner = Pick<LocalService, "name" | "resourceTypes">;

/**
 * The registered types, by name in lower case.
 * @throws Error that names each type that is registered differently from its description.
 */
export function servedTypes(
  types: ResourceTypeCatalogue,
  services: readonly TypeOwner[],
): ReadonlyMap<string, ResourceType> {
  const served = new Map<string, { readonly service: string; readonly type: ResourceType }>();
  const mistakes: string[] = [];
  for (const { name: service, resourceTypes } of services) {
    for (const type of resourceTypes) {
      const other = served.get(type.type.toLowerCase());
      if (other !== undefined)
        mistakes.push(`${type.type} is registered by ${other.service} and by ${service}`);
      const mistake = mistakeOf(types, service, type.type);
      if (mistake !== undefined) mistakes.push(mistake);
      served.set(type.type.toLowerCase(), { service, type });
    }
  }
  refuse(mistakes);
  return new Map([...served].map(([name, { type }]) => [name, type]));
}

/** @throws Error that names each type whose description says that it runs, but that no service registers. */
export function requireEveryTypeServed({ types, serves }: Pick<ControlPlane, "types" | "serves">): void {
  const missing = types.types.filter(({ type, runs }) => runs !== "nowhere" && !serves(type));
  refuse(missing.map(({ type, runs }) => `no service registers ${type}, which is described as ${runs}`));
}

/** @throws ArmError 400 for a type that no service implements. */
export function requireServed({ serves }: Pick<ControlPlane, "serves">, type: string, id: string): void {
  if (serves(type)) return;
  throw answerOf(new EmulatorError("QT6001", { type, id }), 400);
}

function mistakeOf(types: ResourceTypeCatalogue, service: string, type: string): string | undefined {
  const runs = types.byType(type)?.runs;
  if (runs === undefined) return `${service} registers ${type}, which is not described`;
  const described = service === PASSIVE_SERVICE ? "passive" : "service";
  return runs === described ? undefined : `${service} registers ${type}, which is described as ${runs}`;
}

function refuse(mistakes: readonly string[]): void {
  if (mistakes.length === 0) return;
  throw new Error(
    `packages/azure-resource-types and the emulator's services differ: ${mistakes.join("; ")}.`,
  );
}
