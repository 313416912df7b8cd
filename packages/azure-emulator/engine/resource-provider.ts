import { nameOf, typeOf } from "../../kit/urn";
import type { WireProperties } from "./wire-values";

/** One resource as the engine names it. */
export interface ResourceAddress {
  readonly urn: string;
  /** Type token, `azure-native:sql:Database`. */
  readonly type: string;
  /** Logical name in the program. */
  readonly name: string;
}

export interface CheckResult {
  readonly inputs: WireProperties;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

/** How a property differs; the `Replace` forms cannot be changed on the existing resource. */
export type DifferenceKind = "add" | "addReplace" | "delete" | "deleteReplace" | "update" | "updateReplace";

export interface DiffResult {
  /** By property path, `sku.capacity` or `rules[0].port`. Empty: nothing to do. */
  readonly differences: Readonly<Record<string, DifferenceKind>>;
  /** The old resource must go first, because the new one has the same name. */
  readonly deleteBeforeReplace: boolean;
}

export interface CreateResult {
  readonly id: string;
  readonly outputs: WireProperties;
}

export interface ReadResult extends CreateResult {
  /** The inputs that would lead to what exists; differences from the program's are drift. */
  readonly inputs: WireProperties;
}

/**
 * A Pulumi provider as the emulator writes it. The gRPC server and the in-process engine both drive this interface, so that
 * the program meets one behaviour. Properties are plain values; a value that is not known yet is `unknown` of wire-values.
 */
export interface ResourceProvider {
  /** Package name, `azure-native`. */
  readonly name: string;
  /** The version of the SDK it stands in for. */
  readonly version: string;
  /** Provider configuration (`azure-native:location` → `location`). */
  configure(config: Readonly<Record<string, unknown>>): void;
  /** Fills in defaults and names what is missing. `olds` are the inputs of the existing resource. */
  check(
    resource: ResourceAddress,
    olds: WireProperties | undefined,
    news: WireProperties,
  ): Promise<CheckResult>;
  diff(
    resource: ResourceAddress,
    id: string,
    oldInputs: WireProperties,
    oldOutputs: WireProperties,
    news: WireProperties,
  ): Promise<DiffResult>;
  /** @param preview predict the outputs and change nothing; what cannot be predicted is left out or `unknown`. */
  create(resource: ResourceAddress, inputs: WireProperties, preview: boolean): Promise<CreateResult>;
  /** Undefined where the resource is gone. */
  read(
    resource: ResourceAddress,
    id: string,
    inputs: WireProperties,
    outputs: WireProperties,
  ): Promise<ReadResult | undefined>;
  update(
    resource: ResourceAddress,
    id: string,
    oldOutputs: WireProperties,
    news: WireProperties,
    preview: boolean,
  ): Promise<WireProperties>;
  /** Deleting what is gone succeeds. */
  delete(resource: ResourceAddress, id: string, outputs: WireProperties): Promise<void>;
  invoke(token: string, inputs: WireProperties): Promise<WireProperties>;
}

/** Type and logical name out of `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`. */
export function addressOf(urn: string): ResourceAddress {
  return { urn, type: typeOf(urn), name: nameOf(urn) };
}
