import type { LocalContext } from "./local-service";
import { followNew } from "./new-resources";
import { armRules, refusal } from "./rules/azure-rule";

export const freshRoleRules = armRules("New role definitions", {
  unknown: {
    what: "A new role definition is not known everywhere at once: so many requests that read or assign it are answered as if it were not there, one more than of a new assignment at the most: whoever makes it mostly reads it at once.",
    source:
      "https://github.com/pulumi/pulumi-azure/issues/840; https://github.com/hashicorp/terraform-provider-azurerm/issues/10442",
    answer: { status: 404, code: "RoleDefinitionDoesNotExist" },
    test: ["control-plane/role-delay.itest.ts", "does not know a new definition for a number of requests"],
    toggle: "roleDelay",
  },
});

export interface FreshRoles {
  /** Counts a request for the definition. True while it is not known yet; never after a restart. */
  isUnknown(name: string): boolean;
  /** @throws ArmError 404, counted, if the definition of an assignment is not known yet */
  requireKnown(roleDefinitionId: string): void;
}

const DEFINITIONS = "Microsoft.Authorization/roleDefinitions";

/** Follows the definitions that are made from now on. */
export function followDefinitions({
  resources,
  settings,
}: Pick<LocalContext, "resources" | "settings">): FreshRoles {
  const refusals = settings.roleDelay?.refusals ?? 0;
  const fresh = followNew(
    resources,
    DEFINITIONS,
    () => (refusals > 0 ? refusals + 1 : 0),
    ({ name }) => name,
  );
  const isUnknown = (name: string): boolean => fresh.take(name) > 0;
  return {
    isUnknown,
    requireKnown(id) {
      if (isUnknown(id.split("/").at(-1) ?? "")) throw unknownRole(id);
    },
  };
}

const unknownRole = (id: string) =>
  refusal(freshRoleRules.rules.unknown, `The specified role definition '${id}' does not exist.`);
