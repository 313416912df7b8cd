import * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as pulumi from "@pulumi/pulumi";
import type { ExistingResource } from "./existing/existing";
import type { Placement } from "./placement";
import { type ResourcePlace, steady } from "./steady";

/** A user-assigned identity, as what uses it sees it. */
export interface AppIdentity {
  readonly id: pulumi.Output<string>;
  readonly clientId: pulumi.Output<string>;
  readonly principalId: pulumi.Output<string>;
}

/** An identity that is not the stack's. */
export function givenIdentity(identity: ExistingResource): AppIdentity {
  return {
    id: identity.id,
    clientId: identity.fact("clientId"),
    principalId: identity.fact("principalId"),
  };
}

/** The identity of the function app, made before it, so that its rights exist when the app starts. */
export function functionIdentity(
  name: string,
  { resourceName, ...place }: Placement & { readonly resourceName: pulumi.Input<string> },
): AppIdentity {
  const identity = new managedidentity.UserAssignedIdentity(name, { ...place, resourceName });
  const read = ({ resourceGroupName, name: resourceName }: ResourcePlace) =>
    managedidentity.getUserAssignedIdentity({ resourceGroupName, resourceName });
  return {
    id: identity.id,
    clientId: steady(identity.clientId, identity, async (place) => (await read(place)).clientId),
    principalId: steady(identity.principalId, identity, async (place) => (await read(place)).principalId),
  };
}
