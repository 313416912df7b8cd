import { QtError } from "../../errors/qt-error";
import type { AzureSession } from "./azure-session";
import { retry } from "./retry";
import type { StepDefinition } from "./step-definition";

export interface EndpointApprovalInputs {
  readonly factoryId: string;
  /** Name of the factory's managed private endpoint. */
  readonly endpoint: string;
  /** What it leads to. */
  readonly targetId: string;
}

interface Connection {
  readonly id: string;
  readonly properties: {
    readonly privateEndpoint?: { readonly id?: string };
    readonly privateLinkServiceConnectionState: { readonly status: string };
  };
}

/** Versions of the connections, by the target's type in small letters. */
const apiVersions: Readonly<Record<string, string>> = {
  "microsoft.sql/servers": "2023-08-01",
  "microsoft.keyvault/vaults": "2023-07-01",
};

/**
 * Approves the connection of one managed private endpoint at its target, and no other that waits there. Azure makes the endpoint in a
 * subscription of its own, as `…/privateEndpoints/<factory>.<endpoint>`
 * (learn.microsoft.com/azure/data-factory/managed-virtual-network-private-endpoint). It goes with the endpoint.
 */
export const endpointApproval: StepDefinition<EndpointApprovalInputs, Readonly<Record<string, never>>> = {
  replaceOn: ["factoryId", "endpoint", "targetId"],
  async ensure(inputs, azure) {
    // It arrives at the target a moment after the endpoint is made.
    const connection = await retry(
      async () => {
        const found = await connectionOf(inputs, azure);
        if (found === undefined)
          throw new QtError("QT1268", { endpoint: inputs.endpoint, target: inputs.targetId });
        return found;
      },
      {
        attempts: 12,
        pauseMs: 5000,
        pause: azure.pause,
        when: (error) => error instanceof QtError && error.code === "QT1268",
      },
    );
    if (!isApproved(connection))
      await azure.arm("PUT", connection.id, {
        apiVersion: versionFor(inputs),
        json: {
          properties: {
            privateLinkServiceConnectionState: {
              status: "Approved",
              description: "Of the tenant's data factory.",
            },
          },
        },
      });
    return { result: {} };
  },
  async read(inputs, azure) {
    const found = await connectionOf(inputs, azure);
    return found && isApproved(found) ? inputs : undefined;
  },
};

function isApproved({ properties }: Connection): boolean {
  return properties.privateLinkServiceConnectionState.status === "Approved";
}

async function connectionOf(
  inputs: EndpointApprovalInputs,
  azure: AzureSession,
): Promise<Connection | undefined> {
  const { factoryId, endpoint, targetId } = inputs;
  const name = `${factoryId.slice(factoryId.lastIndexOf("/") + 1)}.${endpoint}`.toLowerCase();
  const { value } = await azure.arm<{ readonly value: readonly Connection[] }>(
    "GET",
    `${targetId}/privateEndpointConnections`,
    { apiVersion: versionFor(inputs) },
  );
  return value.find(({ properties }) =>
    properties.privateEndpoint?.id?.toLowerCase().endsWith(`/privateendpoints/${name}`),
  );
}

function versionFor({ targetId }: EndpointApprovalInputs): string {
  const type = /\/providers\/([^/]+\/[^/]+)\/[^/]+$/i.exec(targetId)?.[1] ?? "";
  return apiVersions[type.toLowerCase()] ?? "2023-08-01";
}
