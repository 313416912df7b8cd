import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import { addressOf } from "./resource-provider";

/** What a URN is made of. */
export interface Naming {
  readonly stack: string;
  readonly project: string;
  readonly type: string;
  readonly name: string;
  /** URN of the parent; empty for none. */
  readonly parent: string;
}

const stackType = "pulumi:pulumi:Stack";

/** As the engine builds it: types of the parents, the stack's left out. */
export function urnOf({ stack, project, type, name, parent }: Naming): string {
  const [, , parentType = ""] = parent.split("::");
  const qualified = parentType === "" || parentType === stackType ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/**
 * The URNs that a resource may have had before, the likeliest first: by its own aliases, and by those of its parents. The engine
 * takes of a parent only the alias under which it found it. Here all count: a component is not in the state.
 * @param aliasesOf the earlier URNs of a resource that is declared already
 */
export function aliasUrns(
  now: Naming,
  aliases: readonly Alias.AsObject[],
  aliasesOf: (urn: string) => readonly string[],
): string[] {
  const own = aliases.flatMap(({ urn, spec }) => (spec ? spelledOut(now, spec, aliasesOf) : [urn]));
  const here = urnOf(now);
  const inherited = aliasesOf(now.parent).flatMap((parent) =>
    [here, ...own].map((urn) => {
      const { type, name } = addressOf(urn);
      return urnOf({ ...now, type, name: nameBelow(now.parent, parent, name), parent });
    }),
  );
  return [...new Set([...own, ...inherited])].filter((urn) => urn !== here);
}

/** What an alias leaves out is as the resource has it. */
function spelledOut(
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

/** A child that is named after its parent, `{parent}-key`, was named after the parent's earlier name. */
function nameBelow(parent: string, earlier: string, name: string): string {
  const prefix = addressOf(parent).name;
  return name.startsWith(prefix) ? addressOf(earlier).name + name.slice(prefix.length) : name;
}
