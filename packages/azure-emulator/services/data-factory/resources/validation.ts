import { ArmError } from "../../../control-plane/local-service";
import { DefinitionError } from "../model/definition-error";
import type { Reference } from "../model/reference";
import type { DeployedFactory } from "../run/deployed-factory";

/** Runs a check of a definition; what it refuses is Azure's 400. */
export function refuseInvalid<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof DefinitionError) throw new ArmError(400, "BadRequest", error.message);
    throw error;
  }
}

/** @throws ArmError 400 naming the first object that is not there. `self` may name itself. */
export function requireReferences(
  references: readonly Reference[],
  factory: DeployedFactory,
  where: string,
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
    const words = kind === "linkedService" ? "linked service" : kind;
    throw new ArmError(
      400,
      "BadRequest",
      `The document creation or update failed because of invalid reference '${name}': ${where} names a ${words} that the factory '${factory.name}' does not have.`,
    );
  }
}
