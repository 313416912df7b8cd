import { type ArmResource, type ResourceStore, sameId } from "../../../control-plane/resource";
import { fromJson, objectOf, type Value, type ValueObject } from "../expressions/value";
import type { ActivityParser } from "../model/activity";
import { type Dataset, parseDataset } from "../model/dataset";
import { type LinkedService, parseLinkedService } from "../model/linked-service";
import { type Pipeline, parsePipeline } from "../model/pipeline";

/** The currently deployed objects of a factory. Each version of a resource is parsed once. */
export class DeployedFactory {
  constructor(
    private readonly resources: ResourceStore,
    readonly id: string,
    private readonly parsers: ReadonlyMap<string, ActivityParser>,
  ) {}

  get name(): string {
    return this.id.split("/").at(-1) ?? this.id;
  }

  /** `/subscriptions/…/resourceGroups/<name>` → its name. */
  get resourceGroup(): string {
    return this.id.split("/")[4] ?? "";
  }

  exists(): boolean {
    return this.resources.get(this.id) !== undefined;
  }

  /** Object id of the factory's own identity; undefined if it has none. */
  get principalId(): string | undefined {
    return this.resources.get(this.id)?.identity?.principalId;
  }

  pipeline(name: string): Pipeline | undefined {
    return this.parsed("pipelines", name, (resource) =>
      this.parsePipeline(resource.name, resource.properties),
    );
  }

  /** Parses a pipeline, deployed or not. @throws DefinitionError */
  parsePipeline(name: string, properties: unknown): Pipeline {
    return parsePipeline(name, properties, this.parsers);
  }

  dataset(name: string): Dataset | undefined {
    return this.parsed("datasets", name, (resource) => parseDataset(resource.name, resource.properties));
  }

  linkedService(name: string): LinkedService | undefined {
    return this.parsed("linkedservices", name, (resource) =>
      parseLinkedService(resource.name, resource.properties),
    );
  }

  /** True if the factory has the integration runtime; it always has Azure's own. */
  hasRuntime(name: string): boolean {
    return sameId(name, DEFAULT_RUNTIME) || this.resources.get(runtimeId(this.id, name)) !== undefined;
  }

  /** The id of the managed virtual network in which a runtime is; undefined if it is in none. */
  networkOf(runtime: string = DEFAULT_RUNTIME): string | undefined {
    const properties = this.resources.get(runtimeId(this.id, runtime))?.properties;
    const { referenceName } = (properties?.managedVirtualNetwork ?? {}) as {
      readonly referenceName?: string;
    };
    return referenceName && `${this.id}/managedVirtualNetworks/${referenceName}`;
  }

  /** Values by name. */
  globalParameters(): ValueObject {
    const declared = this.resources.get(this.id)?.properties.globalParameters;
    if (typeof declared !== "object" || declared === null) return objectOf([]);
    return objectOf(
      Object.entries(declared).map(([name, parameter]): [string, Value] => [name, parameterValue(parameter)]),
    );
  }

  private parsed<T extends object>(
    kind: "pipelines" | "datasets" | "linkedservices",
    name: string,
    parse: (resource: ArmResource) => T,
  ): T | undefined {
    const resource = this.resources.get(`${this.id}/${kind}/${name}`);
    if (resource === undefined) return undefined;
    const known = parsedResources.get(resource.properties);
    if (known !== undefined) return known as T;
    const definition = parse(resource);
    parsedResources.set(resource.properties, definition);
    return definition;
  }
}

/** The runtime of what names none. */
export const DEFAULT_RUNTIME = "AutoResolveIntegrationRuntime";

function runtimeId(factoryId: string, name: string): string {
  return `${factoryId}/integrationRuntimes/${name}`;
}

/** Returns the factory with an ARM id, whether it exists or not. */
export type FactoryAt = (id: string) => DeployedFactory;

/** Parsed definitions by their `properties`, which are a new object after each change of a resource. */
const parsedResources = new WeakMap<object, object>();

function parameterValue(parameter: unknown): Value {
  return typeof parameter === "object" && parameter !== null && "value" in parameter
    ? fromJson(parameter.value)
    : null;
}
