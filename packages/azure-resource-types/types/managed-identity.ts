import type { ResourceTypeDescriptor } from "../descriptor";
import { dryRunClientId, dryRunPrincipalId } from "../dry-run";

export const managedIdentityTypes: readonly ResourceTypeDescriptor[] = [
  {
    type: "Microsoft.ManagedIdentity/userAssignedIdentities",
    apiVersion: "2023-01-31",
    mutabilityFrom: "msi/resource-manager/Microsoft.ManagedIdentity/stable/2023-01-31/ManagedIdentity.json",
    tokens: {
      "azure-native:managedidentity:UserAssignedIdentity":
        "Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
    },
    runs: "service",
    systemData: true,
    location: true,
    filledIn: {
      principalId: ({ id }) => dryRunPrincipalId(id),
      clientId: ({ id }) => dryRunClientId(id),
    },
  },
];
