import type { ResourceTypeDescriptor } from "../descriptor";

export const consumptionTypes: readonly ResourceTypeDescriptor[] = [
  {
    type: "Microsoft.Consumption/budgets",
    apiVersion: "2024-08-01",
    mutabilityFrom: "consumption/resource-manager/Microsoft.Consumption/stable/2024-08-01/consumption.json",
    tokens: {
      "azure-native:consumption:Budget": "{scope}/providers/Microsoft.Consumption/budgets/{budgetName}",
    },
    runs: "passive",
    etag: "eTag",
    systemData: true,
  },
];
