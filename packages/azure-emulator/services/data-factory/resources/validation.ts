import { ArmError } from "../../../control-plane/local-service";
import { DefinitionError } from "../model/definition-error";
import type { Reference } from "../model/reference";
import type { DeployedFactory } from "../run/deployed-factory";

/** Checks a definition; a refusal becomes Azure's 400. */
export function refuseInvalid<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof DefinitionError) throw new ArmError(400, "BadRequest", error.message);
    throw error;
  }
}

/**
 * @param self name of the pipeline that is checked; it may refer to itself
 * @throws ArmError 400 naming the first missing object
 */
export function requireReferences(
  references: readonly Reference[],
  factory: DeployedFactory,
  referrer: string,
  self?: string,
): void {
  for (const { kind, name } of references) {
    if (kind === "pipeline" && name.toLowerCase() === self?.toLowerCase()) continue;
    const exists = {
      pipeline: () => factory.pipeline(name),
      dataset: () => factory.dataset(name),
      linkedService: () => factory.linkedService(name),
    }[kind]();
    if (exists !== undefined) continue;
    const label = kind === "linkedService" ? "linked service" : kind;
    throw new ArmError(
      400,
      "BadRequest",
      `The document creation or update failed because of invalid reference '${name}': ${referrer} refers to a ${label} that the factory '${factory.name}' does not have.`,
    );
  }
}

/** @throws ArmError 400 for an integration runtime that the factory does not have */
export function requireRuntime(name: string | undefined, factory: DeployedFactory, referrer: string): void {
  if (name === undefined || factory.hasRuntime(name)) return;
  throw new ArmError(
    400,
    "BadRequest",
    `The document creation or update failed because of invalid reference '${name}': ${referrer} refers to an integration runtime that the factory '${factory.name}' does not have.`,
  );
}
