import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import { addressOf } from "./resource-provider";

/** The parts of a URN. */
export interface Naming {
  readonly stack: string;
  readonly project: string;
  readonly type: string;
  readonly name: string;
  /** URN of the parent; empty if there is none. */
  readonly parent: string;
}

const stackType = "pulumi:pulumi:Stack";

/** Builds a URN as the engine does, with the types of the parents except the stack's. */
export function urnOf({ stack, project, type, name, parent }: Naming): string {
  const [, , parentType = ""] = parent.split("::");
  const qualified = parentType === "" || parentType === stackType ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/**
 * The URNs that a resource may have had before, most likely first: from its own aliases and from those of its parents. The
 * engine uses only the parent's alias that it found in the state. Here all of them count, because the state has no components.
 * @param aliasesOf returns the earlier URNs of a resource that is already declared
 */
export function aliasUrns(
  now: Naming,
  aliases: readonly Alias.AsObject[],
  aliasesOf: (urn: string) => readonly string[],
): string[] {
  const own = aliases.flatMap(({ urn, spec }) => (spec ? specUrns(now, spec, aliasesOf) : [urn]));
  const here = urnOf(now);
  const inherited = aliasesOf(now.parent).flatMap((parent) =>
    [here, ...own].map((urn) => {
      const { type, name } = addressOf(urn);
      return urnOf({ ...now, type, name: earlierChildName(now.parent, parent, name), parent });
    }),
  );
  return [...new Set([...own, ...inherited])].filter((urn) => urn !== here);
}

/** The URNs of an alias. Parts that the alias omits are taken from the resource. */
function specUrns(
  now: Naming,
  { name, type, stack, project, parenturn, noparent }: Alias.Spec.AsObject,
  aliasesOf: (urn: string) => readonly string[],
): string[] {
  const parent = parenturn || now.parent;
  const parents = noparent ? [""] : [...aliasesOf(parent), parent];
  return parents.map((one) =>
    urnOf({
      stack: stack || now.stack,
      project: project || now.project,
      type: type || now.type,
      name: name || now.name,
      parent: one,
    }),
  );
}

/** If a child's name begins with its parent's name, as `{parent}-key`, its earlier name began with the parent's earlier name. */
function earlierChildName(parent: string, earlier: string, name: string): string {
  const prefix = addressOf(parent).name;
  return name.startsWith(prefix) ? addressOf(earlier).name + name.slice(prefix.length) : name;
}
