import type { ResourceTypeDescriptor } from "../descriptor";

const account = "Microsoft.Automation/automationAccounts/{automationAccountName}";
const apiVersion = "2024-10-23";

export const automationTypes: readonly ResourceTypeDescriptor[] = [
  {
    type: "Microsoft.Automation/automationAccounts",
    apiVersion,
    mutabilityFrom: "automation/resource-manager/Microsoft.Automation/stable/2024-10-23/account.json",
    tokens: { "azure-native:automation:AutomationAccount": account },
    runs: "service",
    times: { created: "creationTime", changed: "lastModifiedTime" },
    etag: "etag",
    systemData: true,
    location: true,
    inProperties: ["sku"],
    loss: { gone: "Deletes the Automation account of {whose} with its webhook and the history of its jobs" },
  },
  {
    type: "Microsoft.Automation/automationAccounts/variables",
    apiVersion,
    mutabilityFrom: "automation/resource-manager/Microsoft.Automation/stable/2024-10-23/variable.json",
    tokens: { "azure-native:automation:Variable": `${account}/variables/{variableName}` },
    runs: "service",
    systemData: true,
  },
  {
    type: "Microsoft.Automation/automationAccounts/credentials",
    apiVersion,
    mutabilityFrom: "automation/resource-manager/Microsoft.Automation/stable/2024-10-23/credential.json",
    tokens: { "azure-native:automation:Credential": `${account}/credentials/{credentialName}` },
    runs: "service",
    systemData: true,
    writeOnly: ["password"],
  },
  {
    type: "Microsoft.Automation/automationAccounts/runbooks",
    apiVersion,
    mutabilityFrom: "automation/resource-manager/Microsoft.Automation/stable/2024-10-23/runbook.json",
    tokens: { "azure-native:automation:Runbook": `${account}/runbooks/{runbookName}` },
    runs: "service",
    etag: "etag",
    systemData: true,
    location: true,
  },
  {
    type: "Microsoft.Automation/automationAccounts/webhooks",
    apiVersion,
    mutabilityFrom: "automation/resource-manager/Microsoft.Automation/stable/2024-10-23/webhook.json",
    tokens: { "azure-native:automation:Webhook": `${account}/webhooks/{webhookName}` },
    runs: "service",
    systemData: true,
    secretInputs: ["uri"],
    loss: {
      gone: "The webhook of {whose} stops answering",
      replaced: "The webhook of {whose} gets a new URL",
    },
  },
];
