import * as pulumi from "@pulumi/pulumi";
import type { Automation } from "./automation";
import { consoleLinks } from "./console-links";
import type { DataFactory } from "./data-factory";
import { fivetranSettings } from "./fivetran-settings";
import { FUNCTION_NAME, type FunctionApp } from "./function-app";
import type { KeyVault } from "./key-vault";
import type { Sql } from "./sql";

/** Pipelines of adf-definitions/ that are started by name. */
export const PIPELINE = "QT_fetch_data";
export const RECONCILE_PIPELINE = "QT_reconcile";

/** The resource group, whoever made it. */
export interface GroupPlace {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
}

/** The resources that were deployed for a tenant. */
export interface TenantEnvironment {
  readonly group: GroupPlace;
  readonly keyVault: KeyVault;
  readonly sql: Sql;
  readonly dataFactory: DataFactory;
  readonly automation: Automation;
  readonly functionApp: FunctionApp;
}

/** The stack's outputs. Scripts and external tools read them: names may be added, never changed. */
export function tenantOutputs(environment: TenantEnvironment, tenantId: string) {
  const { group, keyVault, sql, dataFactory, automation, functionApp } = environment;
  return {
    resourceGroupName: group.name,
    automationAccountName: automation.account.name,
    runbookName: automation.runbookName,
    webhookUrl: pulumi.secret(automation.webhookUrl),
    webhookExpiry: automation.webhookExpiry,
    dataFactoryId: dataFactory.factory.id,
    dataFactoryName: dataFactory.factoryName,
    pipelineName: PIPELINE,
    reconcilePipelineName: RECONCILE_PIPELINE,
    functionAppName: functionApp.app.name,
    functionUrl: functionApp.url,
    functionKey: pulumi.secret(functionApp.key),
    sqlServer: sql.server.host,
    sqlDatabase: sql.databaseName,
    keyVaultName: keyVault.vault.name,
    fivetran: pulumi.secret(
      pulumi
        .all([functionApp.app.name, functionApp.key, functionApp.url])
        .apply(([name, functionKey, functionUrl]) =>
          fivetranSettings({ functionApp: name, functionName: FUNCTION_NAME, functionKey, functionUrl }),
        ),
    ),
    consoleLinks: pulumi
      .all([group.id, dataFactory.factory.id, automation.account.id, sql.database.id, functionApp.app.id])
      .apply(([resourceGroupId, factoryId, automationAccountId, databaseId, functionAppId]) =>
        consoleLinks({
          tenantId,
          resourceGroupId,
          factoryId,
          automationAccountId,
          databaseId,
          functionAppId,
        }),
      ),
  };
}
