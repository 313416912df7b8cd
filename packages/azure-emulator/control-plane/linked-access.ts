import { identityLink, type ResourceTypeDescriptor } from "../../azure-resource-types";
import { isJsonObject } from "../../kit/json-object";
import type { AccessControl, Principal } from "./identity";
import { type ArmRule, armRules, refusal } from "./rules/azure-rule";

const test = (title: string) => ["control-plane/linked-access.itest.ts", title] as const;

export const linkedRules = armRules("Rights at other resources", {
  linked: {
    what: "A PUT whose body names other resources needs rights there too: to give an app its plan or an identity, to send logs to a workspace, to alert an action group, to join a subnet, a network or a private DNS zone.",
    source:
      "https://github.com/JimGBritt/AzurePolicy/issues/17; https://github.com/Azure/azure-monitor-baseline-alerts/issues/416; https://github.com/Azure/aad-pod-identity/issues/443; https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations (serverfarms/join/action); https://learn.microsoft.com/azure/private-link/rbac-permissions; https://learn.microsoft.com/azure/app-service/overview-vnet-integration#permissions; https://github.com/Azure/Azure-Landing-Zones/issues/3625",
    answer: { status: 403, code: "LinkedAuthorizationFailed" },
    test: test("needs a right at each resource that the body names"),
  },
  assignableScopes: {
    what: "A custom role is made and changed with `roleDefinitions/write` at each of its assignable scopes.",
    source:
      "https://learn.microsoft.com/azure/role-based-access-control/custom-roles#who-can-create-delete-update-or-view-a-custom-role",
    answer: { status: 403, code: "AuthorizationFailed" },
    test: test("makes a role for the scopes only at which its maker may make roles"),
  },
});

/** What a body says of other resources. */
type Body = Readonly<Record<string, unknown>>;

/**
 * Requires the rights at the resources that a body names.
 * @param action that of the request, which the principal has
 * @throws ArmError 403 LinkedAuthorizationFailed that names principal, action and linked scopes
 */
export function requireLinked(
  access: Pick<AccessControl, "require">,
  principal: Principal,
  { linked = [] }: Pick<ResourceTypeDescriptor, "linked">,
  { id, action, body }: { readonly id: string; readonly action: string; readonly body: Body },
): void {
  for (const right of [identityLink, ...linked])
    for (const scope of idsAt(body, right.path.split(".")))
      requireAtLinked(access, principal, { id, action }, { action: right.action, scope });
}

/**
 * Requires one right at a resource that a request names.
 * @param rule the rule that asks for it
 * @throws ArmError 403 LinkedAuthorizationFailed
 */
export function requireAtLinked(
  access: Pick<AccessControl, "require">,
  principal: Principal,
  request: { readonly id: string; readonly action: string },
  { action, scope }: { readonly action: string; readonly scope: string },
  rule: ArmRule = linkedRules.rules.linked,
): void {
  try {
    access.require(principal, action, scope);
  } catch {
    throw refusal(
      rule,
      `The client '${principal.displayName}' with object id '${principal.objectId}' has permission to perform action '${request.action}' on scope '${request.id}'; ` +
        `however, it does not have permission to perform action(s) '${action}' on the linked scope(s) '${scope}' (respectively) or the linked scope(s) are invalid.`,
    );
  }
}

/** The ids at a path of {@link LinkedRight}; a value that is no id is left to the check of the body. */
function idsAt(value: unknown, [key, ...rest]: readonly string[]): string[] {
  if (key === undefined) {
    if (isJsonObject(value)) return Object.keys(value).filter(isId);
    return [value].flat().filter(isId);
  }
  if (key === "*") return Object.values(Object(value)).flatMap((item) => idsAt(item, rest));
  return isJsonObject(value) && Object.hasOwn(value, key) ? idsAt(value[key], rest) : [];
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("/subscriptions/");
}
