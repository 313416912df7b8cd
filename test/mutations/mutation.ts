import type { WireProperties } from "../../packages/azure-emulator/engine/wire-values";

/** Where a value is in a resource's inputs: names of members and indices of lists. */
export type Path = readonly (string | number)[];

/** A resource as the deployment made it. */
export interface Deployed {
  readonly urn: string;
  /** Token, `azure-native:sql:Database`. */
  readonly type: string;
  /** Name in the program. */
  readonly name: string;
  readonly id: string;
  /** Plain values. */
  readonly inputs: WireProperties;
  readonly outputs: WireProperties;
}

/** One change of the resource graph. */
export type Mutation = {
  readonly number: number;
  readonly urn: string;
  readonly name: string;
  readonly type: string;
} & (
  | { readonly kind: "dropped property"; readonly path: Path }
  | {
      readonly kind: "changed property" | "swapped name" | "wrong scope";
      readonly path: Path;
      readonly value: unknown;
    }
  | { readonly kind: "removed resource" }
  /** `on` are the names of the resources that it waits for. */
  | { readonly kind: "missing dependsOn"; readonly on: readonly string[] }
);

/** `properties.sku.capacity[0]` */
export const pathText = (path: Path) =>
  path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");

/** The mutation on one line. */
export function mutationText(mutation: Mutation): string {
  const whose = `${mutation.type.replace("azure-native:", "")} ${mutation.name}`;
  if (mutation.kind === "removed resource") return `removed ${whose}`;
  if (mutation.kind === "missing dependsOn") return `${whose} without dependsOn ${mutation.on.join(", ")}`;
  if (mutation.kind === "dropped property") return `${whose} without ${pathText(mutation.path)}`;
  const value = JSON.stringify(mutation.value);
  return `${whose}: ${mutation.kind}, ${pathText(mutation.path)} = ${value.length > 80 ? `${value.slice(0, 79)}…` : value}`;
}

export function valueAt(inputs: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<string | number, unknown>)?.[part], inputs);
}

/** The inputs with the mutation in them. */
export function mutated(inputs: WireProperties, mutation: Mutation): WireProperties {
  if (mutation.kind === "removed resource" || mutation.kind === "missing dependsOn") return inputs;
  const copy = structuredClone(inputs) as Record<string, unknown>;
  const parent = valueAt(copy, mutation.path.slice(0, -1)) as Record<string | number, unknown>;
  const last = mutation.path.at(-1) ?? "";
  if (mutation.kind !== "dropped property") parent[last] = mutation.value;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}
