import { isDeepStrictEqual } from "node:util";
import type { ArmError } from "../arm-error";
import { isAtOrUnder } from "../resource-id";
import { armRules, refusal } from "../rules/azure-rule";
import type { AssignedPolicy } from "./assigned-policy";
import type { FieldChange } from "./field-change";
import { fieldOf } from "./policy-field";
import type { PolicyTarget } from "./policy-target";

export const policyRules = armRules("Azure Policy", {
  disallowed: {
    what: "A resource that an assigned policy denies is refused; `modify` and `append` change it first. An `append` refuses another value of its field.",
    source: "https://learn.microsoft.com/azure/governance/policy/concepts/effect-basics#order-of-evaluation",
    answer: { status: 403, code: "RequestDisallowedByPolicy" },
    test: ["control-plane/policy/policy.test.ts", "refuses with the assignment's name and id"],
    moreTests: [
      ["control-plane/policy/policy.test.ts", "append refuses another value than its own"],
      ["control-plane/policy/policy.test.ts", "changes the request before rules refuse it"],
    ],
  },
});

/**
 * Applies policies to a request: first those that change it, then those that refuse it, in the order of the file.
 * Source: learn.microsoft.com/azure/governance/policy/concepts/effect-basics, "Order of evaluation".
 * @param indexed whether the type takes a location and tags
 * @returns the resource as the policies leave it
 * @throws ArmError 403 RequestDisallowedByPolicy, which names each assignment that refuses
 */
export function govern(
  policies: readonly AssignedPolicy[],
  target: PolicyTarget,
  indexed: boolean,
): PolicyTarget {
  const inForce = policies.filter((policy) => isInScope(policy, target.id) && (indexed || !policy.indexed));
  let changed = target;
  for (const policy of inForce) {
    if (policy.effect.kind !== "change" || !policy.applies(changed)) continue;
    for (const change of policy.effect.changes) {
      const next = withChange(changed, change);
      if (next === undefined) throw disallowed(changed, [policy]);
      changed = next;
    }
  }
  const refusing = inForce.filter(({ effect, applies }) => effect.kind === "deny" && applies(changed));
  if (refusing.length > 0) throw disallowed(changed, refusing);
  return changed;
}

function isInScope({ scope, notScopes }: AssignedPolicy, id: string): boolean {
  const below = id.replace(/^\/subscriptions\/[^/]+/i, "");
  const within = (place: string) => place === "" || isAtOrUnder(below, place);
  return within(scope) && !notScopes.some((place) => place !== "" && within(place));
}

/** @returns undefined if an `append` finds another value, which refuses the request. */
function withChange(target: PolicyTarget, change: FieldChange): PolicyTarget | undefined {
  const { operation, field, value, when } = change;
  // A resource of another type does not have the property.
  if (field.kind === "alias" && field.type.toLowerCase() !== target.type.toLowerCase()) return target;
  if (!when(target)) return target;
  const present = fieldOf(target, field);
  const wanted = value(target);
  if (present !== undefined && operation === "append")
    return isDeepStrictEqual(present, wanted) ? target : undefined;
  if (present !== undefined && operation === "add") return target;
  if (field.kind === "tag")
    return { ...target, tags: changedMember(target.tags ?? {}, field.tag, operation, wanted) };
  return { ...target, properties: changedMember(target.properties, field.path, operation, wanted) };
}

function changedMember<Value>(
  members: Readonly<Record<string, Value>>,
  name: string,
  operation: FieldChange["operation"],
  value: unknown,
): Record<string, Value> {
  const others = Object.entries(members).filter(([key]) => key.toLowerCase() !== name.toLowerCase());
  return Object.fromEntries(operation === "remove" ? others : [...others, [name, value as Value]]);
}

function disallowed(target: PolicyTarget, refusing: readonly AssignedPolicy[]): ArmError {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(target.id)?.[0] ?? "";
  const id = (policy: AssignedPolicy, kind: string, name: string) =>
    `${subscription}${kind === "policyAssignments" ? policy.scope : ""}/providers/Microsoft.Authorization/${kind}/${name}`;
  const identifiers = refusing.map((policy) => ({
    policyAssignment: {
      name: policy.assignment.displayName,
      id: id(policy, "policyAssignments", policy.assignment.name),
    },
    policyDefinition: {
      name: policy.definition.displayName,
      id: id(policy, "policyDefinitions", policy.definition.name),
    },
    ...(policy.set && {
      policySetDefinition: {
        name: policy.set.displayName,
        id: id(policy, "policySetDefinitions", policy.set.name),
      },
    }),
  }));
  return refusal(
    policyRules.rules.disallowed,
    `Resource '${target.name}' was disallowed by policy. Policy identifiers: '${JSON.stringify(identifiers)}'.`,
    {
      target: target.name,
      additionalInfo: refusing.map((policy) => ({
        type: "PolicyViolation",
        info: {
          policyDefinitionName: policy.definition.name,
          policyDefinitionDisplayName: policy.definition.displayName,
          policyDefinitionEffect: policy.effect.kind === "deny" ? "Deny" : "Append",
          policyAssignmentId: id(policy, "policyAssignments", policy.assignment.name),
          policyAssignmentName: policy.assignment.name,
          policyAssignmentDisplayName: policy.assignment.displayName,
        },
      })),
    },
  );
}
