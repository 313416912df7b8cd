import type { ResourceTypeDescriptor } from "../descriptor";
import { privateEndpointConnections } from "./private-endpoint-connections";

const account = "Microsoft.Storage/storageAccounts/{accountName}";

export const storageTypes: readonly ResourceTypeDescriptor[] = [
  {
    type: "Microsoft.Storage/storageAccounts",
    apiVersion: "2024-01-01",
    mutabilityFrom: "storage/resource-manager/Microsoft.Storage/stable/2024-01-01/storage.json",
    tokens: { "azure-native:storage:StorageAccount": account },
    runs: "service",
    times: { created: "creationTime" },
    putStatus: { created: 202, updated: 200 },
    operations: { results: "asyncoperations" },
    location: true,
    renames: {
      enableHttpsTrafficOnly: "supportsHttpsTrafficOnly",
      enableNfsV3: "isNfsV3Enabled",
      networkRuleSet: "networkAcls",
      "networkRuleSet.ipRules.iPAddressOrRange": "value",
      "networkRuleSet.virtualNetworkRules.virtualNetworkResourceId": "id",
    },
    // Of azure-native's own list alone. The key types of `encryption` are create-only too, but azure-native looks one level deep.
    createOnly: ["isHnsEnabled"],
    filledIn: { primaryEndpoints: ({ name }) => ({ blob: `https://${name}.blob.core.windows.net/` }) },
    loss: { gone: "Deletes the storage account of {whose}" },
  },
  {
    type: "Microsoft.Storage/storageAccounts/blobServices/containers",
    apiVersion: "2024-01-01",
    mutabilityFrom: "storage/resource-manager/Microsoft.Storage/stable/2024-01-01/blob.json",
    tokens: {
      "azure-native:storage:BlobContainer": `${account}/blobServices/default/containers/{containerName}`,
    },
    runs: "service",
    etag: "etag",
  },
  privateEndpointConnections("Microsoft.Storage/storageAccounts", "2024-01-01"),
];
