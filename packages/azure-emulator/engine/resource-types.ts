import type { StudioKind } from "./studio-shape";

/** How one azure-native type lies in Azure Resource Manager. */
export interface ResourceMapping {
  /**
   * Id template. `{x}` is the input `x`; `{subscriptionId}` is the stand-in's. A template that does not start with `/` or a
   * scope lies in a resource group.
   */
  readonly path: string;
  /** Takes a region; where the program gives none, the provider's `location` or the resource group's is used. */
  readonly location?: true;
  /** azure-native keeps `properties` as one input; otherwise its members are inputs themselves. */
  readonly container?: true;
  /** Inputs that look like envelope members and belong below `properties`. */
  readonly inProperties?: readonly string[];
  /** azure-native's spelling → ARM's, by input path (arrays are passed through). */
  readonly renames?: Readonly<Record<string, string>>;
  /** Inputs, besides location and what the id is made of, that Azure does not change on an existing resource. */
  readonly replaceOn?: readonly string[];
  /** Output paths below an input that Azure fills in. */
  readonly computed?: readonly string[];
  /** Data Factory: `typeProperties` are hoisted. */
  readonly studio?: StudioKind;
  /** Azure has no DELETE for it; it goes with its parent. */
  readonly neverDeleted?: true;
}

const site = "Microsoft.Web/sites/{name}";
const factory = "Microsoft.DataFactory/factories/{factoryName}";
const automation = "Microsoft.Automation/automationAccounts/{automationAccountName}";
const storage = "Microsoft.Storage/storageAccounts/{accountName}";
const sqlServer = "Microsoft.Sql/servers/{serverName}";
const vault = "Microsoft.KeyVault/vaults/{vaultName}";

/**
 * The types of azure-native that the stand-in takes, by token without version. Renames follow `x-ms-client-name` of
 * Azure/azure-rest-api-specs; `replaceOn` follows azure-native's own list (provider/pkg/gen/replacement.go) and what the
 * services document as fixed at creation.
 */
export const resourceTypes: Readonly<Record<string, ResourceMapping>> = {
  "azure-native:resources:ResourceGroup": {
    path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}",
    location: true,
    container: true,
    inProperties: [],
  },
  "azure-native:managedidentity:UserAssignedIdentity": {
    path: "Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
    location: true,
  },
  "azure-native:authorization:RoleDefinition": {
    path: "{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
    renames: { roleType: "type" },
  },
  "azure-native:authorization:RoleAssignment": {
    path: "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    replaceOn: ["principalId", "roleDefinitionId", "principalType", "delegatedManagedIdentityResourceId"],
  },
  "azure-native:keyvault:Vault": {
    path: vault,
    location: true,
    container: true,
    computed: ["properties.vaultUri"],
  },
  "azure-native:keyvault:Secret": {
    path: `${vault}/secrets/{secretName}`,
    container: true,
    computed: ["properties.secretUri", "properties.secretUriWithVersion"],
  },
  "azure-native:storage:StorageAccount": {
    path: storage,
    location: true,
    replaceOn: ["isHnsEnabled", "enableNfsV3"],
    renames: {
      enableHttpsTrafficOnly: "supportsHttpsTrafficOnly",
      enableNfsV3: "isNfsV3Enabled",
      networkRuleSet: "networkAcls",
      "networkRuleSet.ipRules.iPAddressOrRange": "value",
      "networkRuleSet.virtualNetworkRules.virtualNetworkResourceId": "id",
    },
  },
  "azure-native:storage:BlobContainer": {
    path: `${storage}/blobServices/default/containers/{containerName}`,
  },
  "azure-native:operationalinsights:Workspace": {
    path: "Microsoft.OperationalInsights/workspaces/{workspaceName}",
    location: true,
    inProperties: ["sku"],
  },
  "azure-native:applicationinsights:Component": {
    path: "Microsoft.Insights/components/{resourceName}",
    location: true,
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
  },
  "azure-native:monitor:DiagnosticSetting": {
    path: "{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
  },
  "azure-native:monitor:ActionGroup": {
    path: "Microsoft.Insights/actionGroups/{actionGroupName}",
    location: true,
  },
  "azure-native:monitor:MetricAlert": {
    path: "Microsoft.Insights/metricAlerts/{ruleName}",
    location: true,
    renames: { "criteria.odataType": "odata.type" },
  },
  "azure-native:monitor:ScheduledQueryRule": {
    path: "Microsoft.Insights/scheduledQueryRules/{ruleName}",
    location: true,
    replaceOn: ["kind"],
  },
  "azure-native:consumption:Budget": { path: "{scope}/providers/Microsoft.Consumption/budgets/{budgetName}" },
  "azure-native:sql:Server": {
    path: sqlServer,
    location: true,
    replaceOn: ["administratorLogin"],
  },
  "azure-native:sql:Database": {
    path: `${sqlServer}/databases/{databaseName}`,
    location: true,
    replaceOn: [
      "collation",
      "catalogCollation",
      "isLedgerOn",
      "sampleName",
      "createMode",
      "sourceDatabaseId",
    ],
  },
  "azure-native:sql:FirewallRule": { path: `${sqlServer}/firewallRules/{firewallRuleName}` },
  "azure-native:datafactory:Factory": { path: factory, location: true },
  "azure-native:datafactory:LinkedService": {
    path: `${factory}/linkedservices/{linkedServiceName}`,
    container: true,
    studio: "linkedService",
  },
  "azure-native:datafactory:Dataset": {
    path: `${factory}/datasets/{datasetName}`,
    container: true,
    studio: "dataset",
  },
  "azure-native:datafactory:Pipeline": { path: `${factory}/pipelines/{pipelineName}`, studio: "pipeline" },
  "azure-native:datafactory:Trigger": {
    path: `${factory}/triggers/{triggerName}`,
    container: true,
    studio: "trigger",
    computed: ["properties.runtimeState"],
  },
  "azure-native:automation:AutomationAccount": { path: automation, location: true, inProperties: ["sku"] },
  "azure-native:automation:Variable": { path: `${automation}/variables/{variableName}` },
  "azure-native:automation:Credential": { path: `${automation}/credentials/{credentialName}` },
  "azure-native:automation:Runbook": {
    path: `${automation}/runbooks/{runbookName}`,
    location: true,
    replaceOn: ["runbookType"],
  },
  "azure-native:automation:Webhook": {
    path: `${automation}/webhooks/{webhookName}`,
    replaceOn: ["uri", "expiryTime"],
  },
  "azure-native:web:AppServicePlan": {
    path: "Microsoft.Web/serverfarms/{name}",
    location: true,
    replaceOn: ["reserved", "hyperV", "isXenon"],
  },
  "azure-native:web:WebApp": { path: site, location: true, replaceOn: ["kind"] },
  "azure-native:web:WebAppApplicationSettings": {
    path: `${site}/config/appsettings`,
    container: true,
    neverDeleted: true,
  },
  "azure-native:web:WebAppFtpAllowed": {
    path: `${site}/basicPublishingCredentialsPolicies/ftp`,
    neverDeleted: true,
  },
  "azure-native:web:WebAppScmAllowed": {
    path: `${site}/basicPublishingCredentialsPolicies/scm`,
    neverDeleted: true,
  },
};
