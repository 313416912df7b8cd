import { ArmError } from "../../../control-plane/local-service";
import { type ArmResource, parentId, type ResourceStore, sameId } from "../../../control-plane/resource";
import { refusal } from "../../../control-plane/rules/azure-rule";
import { dataFactoryRules } from "../data-factory-rules";

const { triggerEnabled, referenced } = dataFactoryRules.rules;

/** @throws ArmError 400 for a trigger that is started */
export function requireStopped({ properties }: Pick<ArmResource, "properties">): void {
  if (properties.runtimeState !== "Started") return;
  throw refusal(triggerEnabled, "Cannot update enabled Trigger; the trigger needs to be disabled first.");
}

/** The `type` of a reference to an object of each kind. */
const references = {
  linkedservices: "LinkedServiceReference",
  datasets: "DatasetReference",
  pipelines: "PipelineReference",
  integrationRuntimes: "IntegrationRuntimeReference",
} as const;

/**
 * @param stays false for what is deleted together with the object
 * @throws ArmError 400 naming the first object of the factory that refers to it
 */
export function requireUnreferenced(
  resources: ResourceStore,
  kind: keyof typeof references,
  object: ArmResource,
  stays: (id: string) => boolean,
): void {
  const referrer = resources
    .list({ under: parentId(object.id) })
    .find(
      ({ id, properties }) =>
        !sameId(id, object.id) && stays(id) && names(properties, references[kind], object.name),
    );
  if (referrer === undefined) return;
  const { status, code } = referenced.answer;
  throw new ArmError(
    status,
    code,
    `The document cannot be deleted since it is referenced by ${referrer.name}.`,
  );
}

function names(value: unknown, type: string, name: string): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { type: found, referenceName } = value as {
    readonly type?: unknown;
    readonly referenceName?: unknown;
  };
  if (found === type && typeof referenceName === "string" && sameId(referenceName, name)) return true;
  return Object.values(value).some((part) => names(part, type, name));
}
