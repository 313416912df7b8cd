import { stableGuid } from "../../kit/stable-guid";
import type { ResourceTypeDescriptor } from "../descriptor";

export const operationalInsightsTypes: readonly ResourceTypeDescriptor[] = [
  {
    type: "Microsoft.OperationalInsights/workspaces",
    apiVersion: "2023-09-01",
    mutabilityFrom:
      "operationalinsights/resource-manager/Microsoft.OperationalInsights/stable/2023-09-01/Workspaces.json",
    tokens: {
      "azure-native:operationalinsights:Workspace":
        "Microsoft.OperationalInsights/workspaces/{workspaceName}",
    },
    runs: "passive",
    times: { created: "createdDate", changed: "modifiedDate" },
    etag: "etag",
    systemData: true,
    location: true,
    inProperties: ["sku"],
    polls: ["Microsoft.OperationalInsights/locations/operationStatuses/read"],
    filledIn: { customerId: ({ id }) => stableGuid(id) },
    loss: { gone: "Deletes the log workspace of {whose}: its logs can be recovered for 14 days" },
  },
];
