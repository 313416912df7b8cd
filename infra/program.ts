import * as authorization from "@pulumi/azure-native/authorization";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { packageFunction } from "../functions/build";
import { Automation, RUNBOOK_NAME } from "./automation";
import { readTenantConfig } from "./config";
import { DataFactory } from "./data-factory";
import { migrateDatabase } from "./database";
import { Existing, type ExistingResource } from "./existing/existing";
import { FunctionApp } from "./function-app";
import { functionIdentity, givenIdentity } from "./function-identity";
import { KeyVault, SECRET_NAME } from "./key-vault";
import { Monitoring } from "./monitoring";
import { generations } from "./moves/generations";
import { sharedFrom } from "./moves/schema";
import { shapeOf } from "./moves/shape";
import { type NameKind, resourceNames } from "./naming";
import { Network } from "./network/network";
import { privateNetwork } from "./network/schema";
import { observe } from "./observability";
import { type GroupPlace, type TenantEnvironment, tenantOutputs } from "./outputs";
import type { Placement } from "./placement";
import { leavePolicyTags } from "./policy-tags";
import { refuseOtherClouds } from "./public-cloud";
import { Roles } from "./roles";
import { generationSuffix, liveGenerations } from "./rotation";
import { DATABASE_NAME, Sql, type SqlArgs } from "./sql";
import { nameOf } from "./steady";
import { Step } from "./steps/step";
import { Storage } from "./storage";
import { readDefinitions } from "./studio-files";
import { repoConfiguration } from "./studio-repository";
import { Triggers } from "./triggers";

/** Deploys one tenant's environment: the stack is the tenant. Keeps nothing between two calls in one process. */
export async function deployTenant() {
  refuseOtherClouds(pulumi.runtime.allConfig(), process.env);
  const config = readTenantConfig();
  const now = new Date();
  const definitions = readDefinitions();
  const [client, functionPackage] = await Promise.all([authorization.getClientConfig(), packageFunction()]);
  const { location, protect, datasets, unknownDatasets, retention } = config;
  const { tenantId, subscriptionId } = client;
  const stack = pulumi.getStack();
  leavePolicyTags(config.policyTags);
  const tags = { ...config.tags, project: "quantemplate", tenant: stack };

  const suffix = new random.RandomString("suffix", {
    length: 6,
    upper: false,
    special: false,
    keepers: { salt: config.deploymentSalt },
  });
  const names = suffix.result.apply((text) =>
    resourceNames({ stack, location, suffix: text, patterns: config.names }),
  );

  const isolated = privateNetwork(config.network);
  // A tenant that moves has both ways for a while.
  const isPrivate = isolated !== undefined && !isolated.keepPublic;

  // Both refuse before anything is touched: a move, and what does not fit.
  const placed = new Step("placement", "placement", {
    location,
    salt: config.deploymentSalt,
    protect,
    shape: shapeOf(config),
  });
  const { automationAccount: accountMove, database: databaseMove } = config.move;
  const existing = new Existing(placed, {
    settings: config.existing,
    former: { automationAccount: sharedFrom(accountMove), sqlServer: sharedFrom(databaseMove) },
    stack,
    location,
    subscriptionId,
    tenantId,
    sqlAdmin: config.sqlAdmin.objectId,
    ...(isolated && { isPrivate: true }),
    ...(isolated && !config.existing.endpointsSubnet && { addressSpace: isolated.addressSpace }),
  });
  /** A name that the tenant chose, or that tells its own from other tenants' in a shared resource. */
  const own = (kind: NameKind, holder: ExistingResource | undefined) =>
    config.names[kind] !== undefined || holder ? names[kind] : undefined;
  const group =
    existing.of("resourceGroup") ??
    ownGroup({ name: names.resourceGroup, location, tags }, [placed, ...existing.checks]);
  const place: Placement = { resourceGroupName: group.name, location, tags };

  const network =
    isolated &&
    new Network("network", {
      ...place,
      networkName: names.virtualNetwork,
      endpointName: names.privateEndpoints,
      settings: isolated,
      functionSubnet: existing.of("functionSubnet"),
      endpointsSubnet: existing.of("endpointsSubnet"),
      zones: config.existing.privateDnsZones,
    });

  const monitoring = new Monitoring("monitoring", {
    ...place,
    workspaceName: names.workspace,
    workspaceId: existing.of("logAnalyticsWorkspace")?.id,
    applicationInsightsName: names.applicationInsights,
    actionGroupName: names.actionGroup,
    alertEmail: config.alertEmail,
  });
  const keyVault = new KeyVault("key-vault", {
    ...place,
    vaultName: names.keyVault,
    existing: existing.of("keyVault"),
    isPrivate,
    secretName: own("vaultSecret", existing.of("keyVault")) ?? SECRET_NAME,
    tenantId,
    clientId: config.clientId,
    clientSecret: config.clientSecret,
    protect,
  });
  const storage = new Storage("storage", { ...place, accountName: names.storageAccount, isPrivate });
  const sqlAt = (
    generation: number,
    holder: ExistingResource | undefined,
    more: Pick<SqlArgs, "copy" | "isFormer">,
  ) =>
    new Sql(`sql${generationSuffix(generation)}`, {
      ...place,
      ...more,
      serverName: names.sqlServer,
      existing: holder,
      elasticPool: more.isFormer ? undefined : existing.of("elasticPool"),
      isPrivate,
      databaseName: own("sqlDatabase", holder) ?? DATABASE_NAME,
      tenantId,
      admin: config.sqlAdmin,
      sizing: config.sql,
      protect: protect && !more.isFormer,
    });
  const { current: sql, former: formerSql } = generations(databaseMove, {
    former: (generation) =>
      sqlAt(generation, existing.former("sqlServer"), {
        isFormer: true,
        ...(generation > 1 && { copy: { of: undefined } }),
      }),
    current: (generation, former) =>
      sqlAt(
        generation,
        existing.of("sqlServer"),
        generation > 1 ? { copy: { of: former?.database.id } } : {},
      ),
  });
  const servers = [
    { suffix: generationSuffix(databaseMove.generation), id: sql.server.id },
    ...(formerSql
      ? [{ suffix: generationSuffix(databaseMove.generation - 1), id: formerSql.server.id }]
      : []),
  ];
  const sqlWays = servers.flatMap(({ suffix, id }) => network?.endpointFor("sql", id, suffix) ?? []);
  const otherWays = network
    ? [network.endpointFor("vault", keyVault.vault.id), network.endpointFor("blob", storage.account.id)]
    : [];
  const givenId = existing.of("functionIdentity");
  const appIdentity = givenId
    ? givenIdentity(givenId)
    : functionIdentity("function-identity", { ...place, resourceName: names.functionIdentity });

  const dataFactory = new DataFactory("data-factory", {
    ...place,
    factoryName: names.dataFactory,
    definitions,
    isPrivate,
    privateTargets: network && [
      ...servers.map((server) => ({ ...server, groupId: "sqlServer" as const })),
      { groupId: "vault" as const, id: keyVault.vault.id, suffix: "" },
    ],
    repository: config.studio && repoConfiguration(config.studio, tenantId),
    globalParameters: {
      qtApiUrl: config.apiUrl,
      qtTokenUrl: config.tokenUrl,
      qtOrganisationId: config.organisationId,
      qtClientId: config.clientId,
      qtSecretUrl: keyVault.secretUrl,
      sqlServer: sql.server.host,
      sqlDatabase: sql.databaseName,
    },
  });
  const factoryIdentity = new Step("data-factory-client-id", "identity-client-id", {
    resourceId: dataFactory.factory.id,
    principalId: dataFactory.principalId,
  });
  const migration = migrateDatabase("database-migration", {
    sql,
    datasets,
    unknownDatasets,
    retention,
    after: sqlWays,
    users: [
      { name: names.dataFactory, clientId: factoryIdentity.result.clientId, role: "loader" },
      { name: names.functionIdentity, clientId: appIdentity.clientId, role: "reader" },
    ],
  });

  const automationAt = (generation: number, holder: ExistingResource | undefined) => {
    const suffix = generationSuffix(generation);
    return new Automation(`automation${suffix}`, {
      ...place,
      suffix,
      accountName: names.automationAccount,
      existing: holder,
      runbookName: own("runbook", holder) ?? RUNBOOK_NAME,
      variablesPrefix: pulumi.interpolate`${names.automationVariables}-`,
      tenantId,
      subscriptionId,
      factoryName: dataFactory.factoryName,
      datasets,
      unknownDatasets,
      waitForEnd: config.runbook.waitForEnd,
      credential: config.runbook.credential,
      webhookGenerations: liveGenerations(config.rotation.webhook, now),
      webhookExpiry: config.webhookExpiry,
    });
  };
  const { current: automation, former: formerAutomation } = generations(accountMove, {
    former: (generation) => automationAt(generation, existing.former("automationAccount")),
    current: (generation) => automationAt(generation, existing.of("automationAccount")),
  });
  const credential = config.runbook.credential;
  const accounts = [automation, ...(formerAutomation ? [formerAutomation] : [])];
  const roles = new Roles("roles", {
    subscriptionId,
    resourceGroupId: group.id,
    pipelineStarterName: names.pipelineStarterRole,
    pipelineStarterId: existing.of("pipelineStarterRole")?.id,
    starters: credential
      ? [{ suffix: "", principalId: credential.objectId }]
      : accounts.map(({ suffix, account }) => ({ suffix, principalId: account.principalId })),
    // A shared account has other tenants' webhooks too.
    webhookScope: automation.isShared ? automation.webhookId : automation.account.id,
    factoryId: dataFactory.factory.id,
    factoryPrincipalId: dataFactory.principalId,
    secretId: keyVault.secretId,
    functionPrincipalId: appIdentity.principalId,
    storageAccountId: storage.account.id,
    applicationInsightsId: monitoring.applicationInsights.id,
  });
  const functionApp = new FunctionApp("function-app", {
    ...place,
    appName: names.functionApp,
    planName: names.plan,
    identity: appIdentity,
    subnetId: network?.functionSubnetId,
    allowList: isolated?.functionAllowList ?? [],
    packageContainerUrl: storage.packageContainerUrl,
    sizing: config.function,
    packageHash: functionPackage.sha256,
    settings: {
      storageAccountName: storage.accountName,
      applicationInsightsConnectionString: monitoring.connectionString,
      sqlServer: sql.server.host,
      sqlDatabase: sql.databaseName,
      tokenUrl: config.tokenUrl,
    },
    after: [...roles.forFunction, ...sqlWays, ...otherWays],
    keyGenerations: liveGenerations(config.rotation.functionKey, now),
  });
  // A scheduled run needs the database, the secret and the rights.
  new Triggers("triggers", {
    ...place,
    dataFactory,
    definitions,
    reconcile: config.reconcile,
    webhookAddress: automation.webhookAddress,
    after: [migration, roles, ...dataFactory.approvals],
  });

  const environment: TenantEnvironment = { group, keyVault, sql, dataFactory, automation, functionApp };
  const rules = own("alertRules", existing.of("resourceGroup"));
  observe(environment, monitoring, config, place, rules ? pulumi.interpolate`${rules}-` : "");
  return tenantOutputs(environment, tenantId);
}

/** The tenant's own resource group. */
function ownGroup(
  { name, ...place }: Omit<Placement, "resourceGroupName"> & { readonly name: pulumi.Input<string> },
  dependsOn: pulumi.Resource[],
): GroupPlace {
  const group = new resources.ResourceGroup("group", { resourceGroupName: name, ...place }, { dependsOn });
  return { id: group.id, name: nameOf(group, name) };
}
