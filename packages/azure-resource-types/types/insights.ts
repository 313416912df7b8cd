import { stableGuid } from "../../kit/stable-guid";
import type { ResourceTypeDescriptor } from "../descriptor";

export const insightsTypes: readonly ResourceTypeDescriptor[] = [
  {
    type: "Microsoft.Insights/components",
    apiVersion: "2020-02-02",
    mutabilityFrom:
      "applicationinsights/resource-manager/Microsoft.Insights/stable/2020-02-02/components_API.json",
    tokens: { "azure-native:applicationinsights:Component": "Microsoft.Insights/components/{resourceName}" },
    runs: "passive",
    putStatus: { created: 200, updated: 200 },
    times: { created: "CreationDate" },
    etag: "etag",
    location: true,
    createOnly: ["applicationType"],
    renames: {
      applicationType: "Application_Type",
      flowType: "Flow_Type",
      requestSource: "Request_Source",
      hockeyAppId: "HockeyAppId",
      workspaceResourceId: "WorkspaceResourceId",
      retentionInDays: "RetentionInDays",
      samplingPercentage: "SamplingPercentage",
      ingestionMode: "IngestionMode",
      disableIpMasking: "DisableIpMasking",
      disableLocalAuth: "DisableLocalAuth",
      forceCustomerStorageForProfiler: "ForceCustomerStorageForProfiler",
      immediatePurgeDataOn30Days: "ImmediatePurgeDataOn30Days",
      connectionString: "ConnectionString",
      instrumentationKey: "InstrumentationKey",
      appId: "AppId",
      applicationId: "ApplicationId",
      tenantId: "TenantId",
      creationDate: "CreationDate",
    },
    filledIn: {
      AppId: ({ id }) => stableGuid(id),
      ApplicationId: ({ name }) => name,
      InstrumentationKey: ({ id }) => stableGuid(id),
      ConnectionString: ({ id }) => `InstrumentationKey=${stableGuid(id)}`,
    },
    loss: {
      gone: "Deletes the telemetry component of {whose}; what it recorded stays in the log workspace",
      configOnly: true,
    },
  },
  {
    type: "Microsoft.Insights/diagnosticSettings",
    apiVersion: "2021-05-01-preview",
    mutabilityFrom:
      "monitor/resource-manager/Microsoft.Insights/preview/2021-05-01-preview/diagnosticsSettings_API.json",
    tokens: {
      "azure-native:monitor:DiagnosticSetting":
        "{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
    },
    runs: "passive",
    linked: [
      {
        path: "properties.workspaceId",
        action: "Microsoft.OperationalInsights/workspaces/sharedKeys/action",
      },
    ],
    putStatus: { created: 200, updated: 200 },
    systemData: true,
  },
  {
    type: "Microsoft.Insights/actionGroups",
    apiVersion: "2024-10-01-preview",
    mutabilityFrom:
      "monitor/resource-manager/Microsoft.Insights/preview/2024-10-01-preview/actionGroups_API.json",
    tokens: { "azure-native:monitor:ActionGroup": "Microsoft.Insights/actionGroups/{actionGroupName}" },
    runs: "passive",
    systemData: true,
    location: true,
  },
  {
    type: "Microsoft.Insights/metricAlerts",
    apiVersion: "2018-03-01",
    mutabilityFrom: "monitor/resource-manager/Microsoft.Insights/stable/2018-03-01/metricAlert_API.json",
    tokens: { "azure-native:monitor:MetricAlert": "Microsoft.Insights/metricAlerts/{ruleName}" },
    runs: "passive",
    times: { changed: "lastUpdatedTime" },
    putStatus: { created: 200, updated: 200 },
    location: true,
    renames: { "criteria.odataType": "odata.type" },
    linked: [{ path: "properties.actions.*.actionGroupId", action: "Microsoft.Insights/actionGroups/read" }],
  },
  {
    type: "Microsoft.Insights/scheduledQueryRules",
    apiVersion: "2025-01-01-preview",
    mutabilityFrom:
      "monitor/resource-manager/Microsoft.Insights/preview/2025-01-01-preview/scheduledQueryRule_API.json",
    tokens: {
      "azure-native:monitor:ScheduledQueryRule": "Microsoft.Insights/scheduledQueryRules/{ruleName}",
    },
    runs: "passive",
    linked: [{ path: "properties.actions.actionGroups", action: "Microsoft.Insights/actionGroups/read" }],
    etag: "etag",
    systemData: true,
    location: true,
  },
];
