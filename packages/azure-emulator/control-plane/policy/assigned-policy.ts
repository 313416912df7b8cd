import { type PolicyCondition, policyCondition } from "./condition";
import { constantOf } from "./expression";
import { type FieldChange, fieldChanges } from "./field-change";
import { type Parameters, parameterValues } from "./parameters";
import type { PolicyFile } from "./policy-schema";
import { textOf } from "./policy-target";
import { UnsupportedPolicy, within } from "./unsupported-policy";

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

/** These change no request: they report, or deploy something beside it. */
const WITHOUT_CONSEQUENCE = new Set(["audit", "auditifnotexists", "deployifnotexists", "disabled", "manual"]);

type Definition = PolicyFile["policyDefinitions"][number];
type Assignment = PolicyFile["policyAssignments"][number];
type PolicySet = PolicyFile["policySetDefinitions"][number];
type Place = Pick<AssignedPolicy, "assignment" | "scope" | "notScopes" | "set">;

/**
 * The policies of a file that can change or refuse a request, in its order. Whatever could fail for some resource is found here, so
 * that evaluating them never throws.
 * @throws UnsupportedPolicy which names the assignment, the definition and the place
 */
export function assignedPolicies(file: PolicyFile): AssignedPolicy[] {
  return file.policyAssignments.flatMap((assignment) => {
    if (assignment.enforcementMode.toLowerCase() === "donotenforce") return [];
    return within(`policy assignment ${assignment.name}:`, () => policiesOf(file, assignment));
  });
}

function policiesOf(file: PolicyFile, assignment: Assignment): AssignedPolicy[] {
  const place = {
    assignment: nameOf(assignment),
    scope: belowSubscription(assignment.scope ?? ""),
    notScopes: (assignment.notScopes ?? []).map(belowSubscription),
  };
  const set = find(file.policySetDefinitions, assignment.policyDefinitionId);
  const literal = (value: unknown) => constantOf(value, new Map());
  if (set !== undefined) {
    const parameters = within("parameters", () =>
      parameterValues(set.parameters, assignment.parameters, literal),
    );
    return within(`policy set ${set.name}:`, () => policiesOfSet(file, set, parameters, place));
  }
  const definition = required(file, assignment.policyDefinitionId);
  return policy(
    definition,
    () => parameterValues(definition.parameters, assignment.parameters, literal),
    place,
  );
}

function policiesOfSet(file: PolicyFile, set: PolicySet, ofSet: Parameters, place: Place): AssignedPolicy[] {
  return set.policyDefinitions.flatMap(({ policyDefinitionId, parameters }) => {
    const definition = required(file, policyDefinitionId);
    const given = () =>
      parameterValues(definition.parameters, parameters, (value) => constantOf(value, ofSet));
    return policy(definition, given, { ...place, set: nameOf(set) });
  });
}

function policy(definition: Definition, given: () => Parameters, place: Place): AssignedPolicy[] {
  const { name, mode, policyRule } = definition;
  return within(`policy definition ${name}:`, () => {
    if (!/^(all|indexed)$/i.test(mode))
      throw new UnsupportedPolicy(`${mode} is not evaluated here, only All and Indexed are`, "mode");
    const parameters = within("parameters", given);
    const effect = within("policyRule.then", () => effectOf(policyRule.then, parameters));
    if (effect === undefined) return [];
    const applies = within("policyRule.if", () => policyCondition(policyRule.if, parameters));
    const indexed = mode.toLowerCase() === "indexed";
    return [{ ...place, definition: nameOf(definition), indexed, applies, effect }];
  });
}

function effectOf(then: Definition["policyRule"]["then"], parameters: Parameters): PolicyEffect | undefined {
  const effect = within("effect", () => textOf(constantOf(then.effect, parameters)) ?? "").toLowerCase();
  if (WITHOUT_CONSEQUENCE.has(effect)) return undefined;
  if (effect === "deny") return { kind: "deny" };
  if (effect === "modify" || effect === "append")
    return { kind: "change", changes: fieldChanges(effect, then.details, parameters) };
  throw new UnsupportedPolicy(`the effect ${effect} is not evaluated here`, "effect");
}

function required(file: PolicyFile, id: string): Definition {
  const definition = find(file.policyDefinitions, id);
  if (definition !== undefined) return definition;
  const name = id.split("/").at(-1);
  throw new UnsupportedPolicy(
    `the file does not have the policy definition ${id}; add what \`az policy definition show --name ${name}\` prints`,
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
