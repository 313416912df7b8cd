import { nameOf, typeOf } from "../../kit/urn";
import type { WireProperties } from "./wire-values";

/** How the engine identifies a resource. */
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

/** How a property differs. The `Replace` kinds cannot be changed on the existing resource. */
export type DifferenceKind = "add" | "addReplace" | "delete" | "deleteReplace" | "update" | "updateReplace";

export interface DiffResult {
  /** By property path, `sku.capacity` or `rules[0].port`. Empty if nothing changed. */
  readonly differences: Readonly<Record<string, DifferenceKind>>;
  /** True if the old resource must be deleted first, because the new one has the same name. */
  readonly deleteBeforeReplace: boolean;
}

export interface CreateResult {
  readonly id: string;
  readonly outputs: WireProperties;
}

export interface ReadResult extends CreateResult {
  /** The inputs that would produce the existing resource; differences from the program's inputs are drift. */
  readonly inputs: WireProperties;
}

/**
 * A Pulumi provider of the emulator. The gRPC server and the in-process engine both call this interface, so a program sees
 * the same behaviour in both. Properties are plain values; a value that is not known yet is `unknown` of wire-values.ts.
 */
export interface ResourceProvider {
  /** Package name, `azure-native`. */
  readonly name: string;
  /** Version of the SDK package whose provider it replaces. */
  readonly version: string;
  /** Provider configuration (`azure-native:location` → `location`). */
  configure(config: Readonly<Record<string, unknown>>): void;
  /** Fills in defaults and reports missing inputs. `olds` are the inputs of the existing resource. */
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
  /** @param preview predict the outputs and change nothing; an output that cannot be predicted is absent or `unknown`. */
  create(resource: ResourceAddress, inputs: WireProperties, preview: boolean): Promise<CreateResult>;
  /**
   * The id under which what `create` would make exists already, so that a creation that was killed is completed. Left out: it makes nothing
   * outside the state.
   */
  find?(resource: ResourceAddress, inputs: WireProperties): Promise<string | undefined>;
  /** Undefined if the resource is gone. */
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
  /** Succeeds if the resource is already gone. */
  delete(resource: ResourceAddress, id: string, outputs: WireProperties): Promise<void>;
  invoke(token: string, inputs: WireProperties): Promise<WireProperties>;
}

/** Parses type and logical name from `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`. */
export function addressOf(urn: string): ResourceAddress {
  return { urn, type: typeOf(urn), name: nameOf(urn) };
}
