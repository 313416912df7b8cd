import { ArmCallError, type AzureSession, orAbsent } from "./azure-session";
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
  async ensure(inputs, azure) {
    // A new identity may not be known everywhere yet.
    const { properties } = await retry(() => readIdentity(inputs, azure), {
      attempts: 6,
      pauseMs: 5000,
      pause: azure.pause,
      when: (error) => error instanceof ArmCallError && error.status === 404,
    });
    return { result: { clientId: properties.clientId } };
  },
  async read(inputs, azure) {
    const found = await orAbsent(readIdentity(inputs, azure));
    if (found === undefined) return undefined;
    return { ...inputs, principalId: found.properties.principalId };
  },
};

interface Identity {
  readonly properties: { readonly clientId: string; readonly principalId: string };
}

function readIdentity({ resourceId }: IdentityClientIdInputs, azure: AzureSession): Promise<Identity> {
  const id = `${resourceId}/providers/Microsoft.ManagedIdentity/identities/default`;
  return azure.arm("GET", id, { apiVersion: "2023-01-31" });
}
