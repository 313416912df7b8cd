import { ArmCallError } from "./azure-session";
import { retry } from "./retry";
import type { StepDefinition } from "./step-definition";

export interface IdentityClientIdInputs {
  /** The resource that has a system-assigned identity. */
  readonly resourceId: string;
  /** The identity's object id, so that a new identity is read again. */
  readonly principalId: string;
}

/**
 * Reads the client id of a system-assigned identity: database users are made from it, and azure-native's outputs have the
 * object id only (docs/sources.md, "Data Factory").
 */
export const identityClientId: StepDefinition<IdentityClientIdInputs, { readonly clientId: string }> = {
  async ensure({ resourceId }, azure) {
    const id = `${resourceId}/providers/Microsoft.ManagedIdentity/identities/default`;
    const read = () =>
      azure.arm<{ properties: { clientId: string } }>("GET", id, { apiVersion: "2023-01-31" });
    // A new identity may not be known everywhere yet.
    const { properties } = await retry(read, {
      attempts: 6,
      pauseMs: 5000,
      pause: azure.pause,
      when: (error) => error instanceof ArmCallError && error.status === 404,
    });
    return { result: { clientId: properties.clientId } };
  },
};
