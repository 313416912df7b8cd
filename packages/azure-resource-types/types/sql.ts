import type { ResourceTypeDescriptor } from "../descriptor";
import { privateEndpointConnections } from "./private-endpoint-connections";

const server = "Microsoft.Sql/servers/{serverName}";
const apiVersion = "2023-08-01";

/** Where a new database's content comes from: only a creation takes it, and no GET answers it. */
const origin = [
  "createMode",
  "longTermRetentionBackupResourceId",
  "recoverableDatabaseId",
  "recoveryServicesRecoveryPointId",
  "restorableDroppedDatabaseId",
  "restorePointInTime",
  "sampleName",
  "sourceDatabaseDeletionDate",
  "sourceDatabaseId",
  "sourceResourceId",
];

export const sqlTypes: readonly ResourceTypeDescriptor[] = [
  {
    type: "Microsoft.Sql/servers",
    apiVersion,
    mutabilityFrom: "sql/resource-manager/Microsoft.Sql/stable/2023-08-01/Servers.json",
    tokens: { "azure-native:sql:Server": server },
    runs: "service",
    putStatus: { created: 202, updated: 202 },
    operations: { results: "serverOperationResults", statuses: "serverAzureAsyncOperation" },
    deletedLater: true,
    location: true,
    createOnly: ["administratorLogin", "administrators"],
    writeOnly: ["administratorLoginPassword"],
    filledIn: { fullyQualifiedDomainName: ({ name }) => `${name}.database.windows.net` },
    loss: {
      gone: "Drops the SQL server of {whose} and with it the database",
      replaced:
        "Drops the SQL server of {whose} and with it the database. The new one is empty and has another address",
    },
  },
  {
    type: "Microsoft.Sql/servers/databases",
    apiVersion,
    mutabilityFrom: "sql/resource-manager/Microsoft.Sql/stable/2023-08-01/Databases.json",
    tokens: { "azure-native:sql:Database": `${server}/databases/{databaseName}` },
    runs: "service",
    times: { created: "creationDate" },
    putStatus: { created: 202, updated: 202 },
    operations: { results: "databaseOperationResults", statuses: "databaseAzureAsyncOperation" },
    deletedLater: true,
    location: true,
    createOnly: ["catalogCollation", "collation", ...origin],
    writeOnly: origin,
    // learn.microsoft.com/azure/azure-sql/database/database-copy, "Roles and permissions": read and write at both servers.
    linked: ["read", "write"].map((right) => ({
      path: "properties.sourceDatabaseId",
      action: `Microsoft.Sql/servers/databases/${right}`,
    })),
    loss: {
      gone: "Drops the database of {whose}",
      kept: "Azure keeps its backups for the retention time only.",
      replaced: "Drops the database of {whose} and makes an empty one",
    },
  },
  {
    type: "Microsoft.Sql/servers/elasticPools",
    apiVersion,
    mutabilityFrom: "sql/resource-manager/Microsoft.Sql/stable/2023-08-01/ElasticPools.json",
    tokens: { "azure-native:sql:ElasticPool": `${server}/elasticPools/{elasticPoolName}` },
    runs: "service",
    times: { created: "creationDate" },
    putStatus: { created: 202, updated: 202 },
    operations: { results: "elasticPoolOperationResults", statuses: "elasticPoolAzureAsyncOperation" },
    deletedLater: true,
    location: true,
    loss: { gone: "Deletes the elastic pool of {whose}", configOnly: true },
  },
  {
    type: "Microsoft.Sql/servers/firewallRules",
    apiVersion,
    mutabilityFrom: "sql/resource-manager/Microsoft.Sql/stable/2023-08-01/FirewallRules.json",
    tokens: { "azure-native:sql:FirewallRule": `${server}/firewallRules/{firewallRuleName}` },
    runs: "service",
  },
  {
    type: "Microsoft.Sql/servers/auditingSettings",
    apiVersion,
    tokens: {},
    runs: "service",
    writeOnly: ["storageAccountAccessKey"],
    putStatus: { created: 200, updated: 200 },
  },
  {
    type: "Microsoft.Sql/servers/administrators",
    apiVersion,
    mutabilityFrom: "sql/resource-manager/Microsoft.Sql/stable/2023-08-01/ServerAzureADAdministrators.json",
    tokens: { "azure-native:sql:ServerAzureADAdministrator": `${server}/administrators/{administratorName}` },
    runs: "service",
    putStatus: { created: 202, updated: 202 },
    operations: {
      results: "serverAzureADAdministratorOperationResults",
      statuses: "serverAzureADAdministratorAzureAsyncOperation",
    },
  },
  {
    type: "Microsoft.Sql/servers/azureADOnlyAuthentications",
    apiVersion,
    mutabilityFrom:
      "sql/resource-manager/Microsoft.Sql/stable/2023-08-01/ServerAzureADOnlyAuthentications.json",
    tokens: {
      "azure-native:sql:ServerAzureADOnlyAuthentication": `${server}/azureADOnlyAuthentications/{authenticationName}`,
    },
    runs: "service",
    defaultState: { azureADOnlyAuthentication: false },
  },
  {
    type: "Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies",
    apiVersion,
    tokens: {},
    runs: "passive",
    putStatus: { created: 200, updated: 200 },
  },
  {
    type: "Microsoft.Sql/servers/securityAlertPolicies",
    apiVersion,
    tokens: {},
    runs: "passive",
    // Later specifications have 201 too, which clients of earlier ones refuse.
    putStatus: { created: 200, updated: 200 },
  },
  {
    type: "Microsoft.Sql/servers/virtualNetworkRules",
    apiVersion,
    mutabilityFrom: "sql/resource-manager/Microsoft.Sql/stable/2023-08-01/VirtualNetworkRules.json",
    tokens: {
      "azure-native:sql:VirtualNetworkRule": `${server}/virtualNetworkRules/{virtualNetworkRuleName}`,
    },
    runs: "service",
  },
  privateEndpointConnections("Microsoft.Sql/servers", apiVersion),
];
