import { type Shape, shapeOf } from "../../../azure-resource-types";
import { memberOf, type PolicyTarget } from "./policy-target";
import { UnsupportedPolicy } from "./unsupported-policy";

/** A field that a rule names. */
export type PolicyField =
  | { readonly kind: "envelope"; readonly name: string }
  | { readonly kind: "tag"; readonly tag: string }
  /** A property of a type: `Microsoft.Sql/servers/publicNetworkAccess`. */
  | { readonly kind: "alias"; readonly type: string; readonly path: string };

const ENVELOPE = /^(name|fullName|type|kind|location|id|tags|identity\.type)$/i;
const ALIAS = /^([\w-]+\.[\w.-]+(?:\/[\w.-]+)*)\/([\w$-]+(?:\[\*\])?(?:\.[\w$-]+(?:\[\*\])?)*)$/;

/**
 * A member of the envelope, a tag (`tags.x`, `tags['x']`, `tags[x]`) or an alias, `<type>/<path below properties>`.
 * Source: learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule, "Fields".
 * @throws UnsupportedPolicy for any other name, and for an alias that a type with a published shape does not have
 */
export function policyField(name: unknown): PolicyField {
  if (typeof name !== "string") throw new UnsupportedPolicy("the name of a field must be a text");
  const tag = /^tags(?:\.(.+)|\[\s*'?(.*?)'?\s*\])$/i.exec(name);
  const tagName = tag?.[1] ?? tag?.[2];
  if (tagName !== undefined && tagName !== "") return { kind: "tag", tag: tagName };
  if (ENVELOPE.test(name)) return { kind: "envelope", name };
  const [, type, path] = ALIAS.exec(name) ?? [];
  if (type === undefined || path === undefined)
    throw new UnsupportedPolicy(
      `the field ${name} is not known; write name, fullName, type, kind, location, id, identity.type, tags, tags['<name>'] or an alias <type>/<property>`,
    );
  const shape = shapeOf(type)?.body;
  const steps = path.split(".");
  if (shape !== undefined && !hasPath(shape, ["properties", ...steps]) && !hasPath(shape, steps))
    throw new UnsupportedPolicy(
      `the alias ${name} is not known: ${type} has no such property; write one that \`az provider show --namespace ${type.split("/")[0]} --expand "resourceTypes/aliases"\` lists`,
    );
  return { kind: "alias", type, path };
}

/** Whether a shape has the path; below what a shape leaves open there is everything. */
function hasPath(shape: Shape | undefined, [step, ...rest]: readonly string[]): boolean {
  if (shape === undefined) return false;
  if (step === undefined || shape.readOnly) return true;
  switch (shape.kind) {
    case "any":
    case "recursive":
      return true;
    case "oneOf":
      return shape.oneOf.some((one) => hasPath(one, [step, ...rest]));
    case "object": {
      const each = step.endsWith("[*]");
      const member = memberOf(shape.properties, each ? step.slice(0, -3) : step) as Shape | undefined;
      const onward = each && member?.kind === "array" ? member.items : member;
      if (hasPath(onward, rest) || shape.others !== undefined) return true;
      return Object.values(shape.variants?.of ?? {}).some((variant) => hasPath(variant, [step, ...rest]));
    }
    default:
      return false;
  }
}

/** Whether the field is an array alias: a condition must hold for each element. */
export function isArrayAlias(field: PolicyField): boolean {
  return field.kind === "alias" && field.path.includes("[*]");
}

/** A field's value; that of another type's alias is absent. */
export function fieldOf(target: PolicyTarget, field: PolicyField): unknown {
  switch (field.kind) {
    case "tag":
      return memberOf(target.tags, field.tag);
    case "alias":
      if (field.type.toLowerCase() !== target.type.toLowerCase()) return undefined;
      return at(target.properties, field.path) ?? at(target, field.path);
    case "envelope":
      if (/^fullName$/i.test(field.name)) return fullName(target.id);
      return at(target, field.name);
  }
}

/** `server/database` of a database's id. */
function fullName(id: string): string {
  const provider = id.split("/providers/").slice(1).at(-1);
  const steps = provider?.split("/").slice(1) ?? id.split("/").slice(-2);
  return steps.filter((_, index) => index % 2 === 1).join("/");
}

/** The value at a dotted path; with `[*]` the list of the values of all elements. */
function at(object: unknown, path: string): unknown {
  const [first = "", ...rest] = path.split(".");
  const each = first.endsWith("[*]");
  const value = memberOf(object, each ? first.slice(0, -3) : first);
  const below = rest.join(".");
  if (!each) return below === "" ? value : at(value, below);
  if (!Array.isArray(value) || below === "") return Array.isArray(value) ? value : undefined;
  const values = value.map((item) => at(item, below));
  return below.includes("[*]") ? values.flat() : values;
}
