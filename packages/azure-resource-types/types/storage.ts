import type { ResourceTypeDescriptor } from "../descriptor";

const account = "Microsoft.Storage/storageAccounts/{accountName}";

export const storageTypes: readonly ResourceTypeDescriptor[] = [
  {
    type: "Microsoft.Storage/storageAccounts",
    apiVersion: "2024-01-01",
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
    createOnly: ["isHnsEnabled", "enableNfsV3"],
    filledIn: { primaryEndpoints: ({ name }) => ({ blob: `https://${name}.blob.core.windows.net/` }) },
    loss: { gone: "Deletes the storage account of {whose}" },
  },
  {
    type: "Microsoft.Storage/storageAccounts/blobServices/containers",
    apiVersion: "2024-01-01",
    tokens: {
      "azure-native:storage:BlobContainer": `${account}/blobServices/default/containers/{containerName}`,
    },
    runs: "service",
    etag: "etag",
  },
];
