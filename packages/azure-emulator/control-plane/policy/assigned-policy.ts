import { isJsonObject } from "../../../kit/json-object";
import { type PolicyCondition, policyCondition } from "./condition";
import { constantOf, type Parameters, type PolicyValue, policyValue, UnsupportedPolicy } from "./expression";
import type { PolicyFile } from "./policy-schema";

/** A definition in force at a scope. */
export interface AssignedPolicy {
  readonly assignment: PolicyName;
  readonly definition: PolicyName;
  /** The set that brought the definition, if one did. */
  readonly set?: PolicyName;
  /** Only resource types that take a location and tags. */
  readonly indexed: boolean;
  /** The part of the assignment's scope below the subscription; empty for all of it. */
  readonly scope: string;
  readonly notScopes: readonly string[];
  readonly applies: PolicyCondition;
  readonly effect: PolicyEffect;
}

export interface PolicyName {
  readonly name: string;
  readonly displayName: string;
}

export type PolicyEffect =
  | { readonly kind: "deny" }
  | { readonly kind: "change"; readonly changes: readonly FieldChange[] };

/** One operation of `modify`, or one field of `append`. */
export interface FieldChange {
  readonly operation: "add" | "addorreplace" | "remove";
  readonly field: PolicyValue;
  readonly value: PolicyValue;
  readonly when: PolicyCondition;
}

/** These change no request: they report, or deploy something beside it. */
const WITHOUT_CONSEQUENCE = new Set(["audit", "auditifnotexists", "deployifnotexists", "disabled", "manual"]);

type Definition = PolicyFile["policyDefinitions"][number];
type Values = Readonly<Record<string, { readonly value?: unknown }>>;

/** The policies of a file that can change or refuse a request, in its order. @throws UnsupportedPolicy */
export function assignedPolicies(file: PolicyFile): AssignedPolicy[] {
  return file.policyAssignments.flatMap((assignment) => {
    if (assignment.enforcementMode.toLowerCase() === "donotenforce") return [];
    const place = {
      assignment: nameOf(assignment),
      scope: belowSubscription(assignment.scope ?? ""),
      notScopes: (assignment.notScopes ?? []).map(belowSubscription),
    };
    const set = find(file.policySetDefinitions, assignment.policyDefinitionId);
    if (set === undefined) {
      const definition = required(file, assignment.policyDefinitionId, assignment.name);
      return policy(definition, given(definition.parameters, assignment.parameters, new Map()), place);
    }
    const ofSet = given(set.parameters, assignment.parameters, new Map());
    return set.policyDefinitions.flatMap(({ policyDefinitionId, parameters }) => {
      const definition = required(file, policyDefinitionId, set.name);
      const ofDefinition = given(definition.parameters, parameters, ofSet);
      return policy(definition, ofDefinition, { ...place, set: nameOf(set) });
    });
  });
}

function policy(
  definition: Definition,
  parameters: Parameters,
  place: Pick<AssignedPolicy, "assignment" | "scope" | "notScopes" | "set">,
): AssignedPolicy[] {
  const { name, mode, policyRule } = definition;
  try {
    if (!/^(all|indexed)$/i.test(mode)) throw new UnsupportedPolicy(`the mode ${mode} is not evaluated here`);
    const effect = effectOf(policyRule.then, parameters);
    if (effect === undefined) return [];
    const applies = policyCondition(policyRule.if, parameters);
    const indexed = mode.toLowerCase() === "indexed";
    return [{ ...place, definition: nameOf(definition), indexed, applies, effect }];
  } catch (error) {
    if (error instanceof UnsupportedPolicy)
      throw new UnsupportedPolicy(`policy definition ${name}: ${error.message}`);
    throw error;
  }
}

function effectOf(then: Definition["policyRule"]["then"], parameters: Parameters): PolicyEffect | undefined {
  const effect = String(constantOf(then.effect, parameters, "an effect")).toLowerCase();
  if (WITHOUT_CONSEQUENCE.has(effect)) return undefined;
  if (effect === "deny") return { kind: "deny" };
  if (effect === "modify" && isJsonObject(then.details))
    return { kind: "change", changes: changes(then.details.operations, "operation", parameters) };
  if (effect === "append") return { kind: "change", changes: changes(then.details, undefined, parameters) };
  throw new UnsupportedPolicy(`the effect ${effect} is not evaluated here`);
}

function changes(list: unknown, operation: "operation" | undefined, parameters: Parameters): FieldChange[] {
  if (!Array.isArray(list)) throw new UnsupportedPolicy("modify and append take a list of fields");
  return list.map((item: unknown) => {
    if (!isJsonObject(item)) throw new UnsupportedPolicy("a field to change is not an object");
    const kind = operation === undefined ? "add" : String(item.operation).toLowerCase();
    if (kind !== "add" && kind !== "addorreplace" && kind !== "remove")
      throw new UnsupportedPolicy(`the operation ${kind} is not known`);
    return {
      operation: kind,
      field: policyValue(item.field, parameters),
      value: policyValue(item.value, parameters),
      when: item.condition === undefined ? () => true : conditionText(item.condition, parameters),
    };
  });
}

/** `modify` takes a condition as an expression, which this emulator evaluates only if it is `true` or `false`. */
function conditionText(condition: unknown, parameters: Parameters): PolicyCondition {
  const value = policyValue(condition, parameters);
  return (target) => String(value(target)).toLowerCase() === "true";
}

/** The values of a definition's parameters: given ones, with those of the set filled in, before defaults. Names ignore case. */
function given(
  defaults: Readonly<Record<string, { readonly defaultValue?: unknown }>>,
  values: Values,
  outer: Parameters,
): Parameters {
  const result = new Map<string, unknown>();
  for (const [name, { defaultValue }] of Object.entries(defaults))
    if (defaultValue !== undefined) result.set(name.toLowerCase(), defaultValue);
  for (const [name, { value }] of Object.entries(values))
    result.set(name.toLowerCase(), constantOf(value, outer, `the parameter ${name}`));
  return result;
}

function required(file: PolicyFile, id: string, user: string): Definition {
  const definition = find(file.policyDefinitions, id);
  if (definition !== undefined) return definition;
  const name = id.split("/").at(-1);
  throw new UnsupportedPolicy(
    `${user} names the policy definition ${id}, which the file does not have (az policy definition show --name ${name})`,
  );
}

/** By id, or by the name at its end: the ids of another subscription stay usable. */
function find<T extends { readonly name: string }>(list: readonly T[], id: string): T | undefined {
  const name = id.split("/").at(-1)?.toLowerCase();
  return list.find((item) => item.name.toLowerCase() === name);
}

const nameOf = ({
  name,
  displayName,
}: {
  name: string;
  displayName?: string | null | undefined;
}): PolicyName => ({
  name,
  displayName: displayName ?? name,
});

/** `/subscriptions/<any>/resourceGroups/rg` → `/resourceGroups/rg`: the file comes from another subscription. */
export function belowSubscription(scope: string): string {
  return scope
    .replace(/^\/subscriptions\/[^/]+/i, "")
    .replace(/^\/providers\/Microsoft\.Management\/.*$/i, "");
}
