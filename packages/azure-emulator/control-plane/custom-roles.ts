import type { ArmResource } from "./resource";
import { sameId } from "./resource-id";
import { armRules } from "./rules/azure-rule";

export const customRoleRules = armRules("Custom roles", {
  id: {
    what: "A custom role has an id of its subscription, whatever the scope at which it was made.",
    source: "https://github.com/hashicorp/terraform-provider-azurerm/issues/7549",
    answer: { status: 201, code: "another id" },
    test: ["control-plane/custom-roles.itest.ts", "has an id of its subscription, by which it is read"],
  },
  group: {
    what: "A custom role is the directory's: it stays when the resource group goes in which alone it can be assigned.",
    source: "https://learn.microsoft.com/azure/role-based-access-control/custom-roles#custom-role-limits",
    answer: { status: 202, code: "stays" },
    test: ["control-plane/custom-roles.itest.ts", "stays when its resource group goes"],
  },
  delete: {
    what: "A DELETE of a custom role at another scope than those in which it can be assigned does nothing. (Users reported it; no page says so.)",
    source:
      "https://github.com/hashicorp/terraform-provider-azurerm/issues/2203; https://github.com/pulumi/pulumi-azure-native/issues/2610",
    answer: { status: 204, code: "stays" },
    test: ["control-plane/custom-roles.itest.ts", "is deleted at its own scope only"],
  },
});

/** The scope at which a role is made is the only one at which the store has it; a DELETE at another one finds nothing. */
export function isCustomRole({ type }: Pick<ArmResource, "type">): boolean {
  return sameId(type, "Microsoft.Authorization/roleDefinitions");
}

/** The id that Azure answers. */
export function customRoleId({ id, name, type }: Pick<ArmResource, "id" | "name" | "type">): string {
  const [subscription] = /^\/subscriptions\/[^/]+/i.exec(id) ?? [];
  return subscription === undefined ? id : `${subscription}/providers/${type}/${name}`;
}
