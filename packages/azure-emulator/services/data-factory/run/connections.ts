import type { ExpressionScope } from "../expressions/scope";
import { toText } from "../expressions/text";
import type { ValueObject } from "../expressions/value";
import type { DatasetType } from "../model/dataset";
import type { LinkedServiceType } from "../model/linked-service";
import type { Reference } from "../model/reference";
import type { SqlTarget } from "../sql/sql-session";
import { ActivityError } from "./activity-error";
import type { DeployedFactory } from "./deployed-factory";
import { bindParameters } from "./parameter-values";
import { Resolver } from "./resolver";

/** A linked service or dataset with bound parameters and evaluated `typeProperties`. */
export interface Bound<T extends string> {
  readonly name: string;
  readonly type: T;
  readonly typeProperties: ValueObject;
  /** The id of the managed virtual network from which a linked service connects. */
  readonly network?: string;
}

export interface BoundDataset extends Bound<DatasetType> {
  readonly linkedService: Bound<LinkedServiceType>;
}

/** Binds a dataset to the parameter values of its reference. @throws ActivityError */
export function bindDataset(reference: Reference, caller: Resolver, factory: DeployedFactory): BoundDataset {
  const dataset = factory.dataset(reference.name);
  if (dataset === undefined) throw missing("dataset", reference.name, factory);
  const values = bindParameters(
    dataset.parameters,
    caller.object(reference.parameters),
    (value) => caller.value(value),
    `dataset '${dataset.name}'`,
  );
  const resolver = new Resolver({ ...emptyScope, dataset: () => values });
  return {
    name: dataset.name,
    type: dataset.type,
    typeProperties: resolver.object(dataset.typeProperties),
    linkedService: bindLinkedService(dataset.linkedService, resolver, factory),
  };
}

/** Binds a linked service to the parameter values of its reference. @throws ActivityError */
export function bindLinkedService(
  reference: Reference,
  caller: Resolver,
  factory: DeployedFactory,
): Bound<LinkedServiceType> {
  const service = factory.linkedService(reference.name);
  if (service === undefined) throw missing("linked service", reference.name, factory);
  const values = bindParameters(
    service.parameters,
    caller.object(reference.parameters),
    (value) => caller.value(value),
    `linked service '${service.name}'`,
  );
  const resolver = new Resolver({ ...emptyScope, linkedService: () => values });
  const network = factory.networkOf(service.runtime);
  return {
    name: service.name,
    type: service.type,
    typeProperties: resolver.object(service.typeProperties),
    ...(network !== undefined && { network }),
  };
}

/** Server and database of a linked service. @throws ActivityError if it is of another type or has no address */
export function sqlTarget(service: Bound<LinkedServiceType>): SqlTarget {
  if (service.type !== "AzureSqlDatabase") throw wrongType(service, "AzureSqlDatabase");
  const server = textOf(service, "server");
  const [host = "", port = "1433"] = server.split(",");
  const timeout = service.typeProperties.get("commandTimeout");
  return {
    host: host.replace(/^tcp:/, ""),
    port: Number(port),
    database: textOf(service, "database"),
    commandTimeout: typeof timeout === "bigint" ? Number(timeout) : 7200,
    strict: service.typeProperties.get("encrypt") === "strict",
    ...(service.network !== undefined && { network: service.network }),
  };
}

/** A setting that must not be empty. @throws ActivityError naming the setting */
export function textOf(bound: Bound<string>, key: string): string {
  const text = toText(bound.typeProperties.get(key) ?? null);
  if (text === "") throw new ActivityError("BadRequest", `'${key}' of '${bound.name}' is empty.`);
  return text;
}

export function wrongType(bound: Bound<string>, wanted: string): ActivityError {
  return new ActivityError(
    "BadRequest",
    `'${bound.name}' is of type '${bound.type}'; the emulator runs this activity with '${wanted}' only.`,
  );
}

/** Datasets and linked services see only their own parameters. */
export const emptyScope: ExpressionScope = {
  pipeline: () => {
    throw new ActivityError(
      "InvalidTemplate",
      "pipeline() is not available in datasets and linked services.",
    );
  },
  activity: () => undefined,
  variable: () => undefined,
  item: () => undefined,
  dataset: () => undefined,
  linkedService: () => undefined,
};

function missing(kind: string, name: string, factory: DeployedFactory): ActivityError {
  return new ActivityError("BadRequest", `The factory '${factory.name}' has no ${kind} '${name}'.`);
}
