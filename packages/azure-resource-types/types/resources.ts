import type { ResourceTypeDescriptor } from "../descriptor";

export const resourcesTypes: readonly ResourceTypeDescriptor[] = [
  {
    type: "Microsoft.Resources/resourceGroups",
    apiVersion: "2024-03-01",
    tokens: {
      "azure-native:resources:ResourceGroup":
        "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}",
    },
    runs: "service",
    operations: { results: "operationresults" },
    deletedLater: true,
    location: true,
    container: true,
    inProperties: [],
    loss: {
      gone: "Deletes the resource group of {whose} with everything in it",
      replaced: "Creates another resource group for {whose} and deletes this one with everything in it",
    },
  },
];
