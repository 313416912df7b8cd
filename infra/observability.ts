import * as pulumi from "@pulumi/pulumi";
import { Alerts } from "./alerts";
import { monthlyBudget } from "./budget";
import type { TenantConfig } from "./config";
import { type Monitoring, sendLogs } from "./monitoring";
import { PIPELINE, RECONCILE_PIPELINE, type TenantEnvironment } from "./outputs";
import type { Placement } from "./placement";
import { auditSql } from "./sql-auditing";

/** Sends the logs of all resources to the workspace, and creates the alerts and the budget, whose names begin with the prefix. */
export function observe(
  { group, keyVault, sql, dataFactory, automation, functionApp }: TenantEnvironment,
  { workspaceId, applicationInsights, actionGroupIds }: Monitoring,
  config: TenantConfig,
  place: Placement,
  rulesPrefix: pulumi.Input<string>,
): void {
  const { factory } = dataFactory;
  const { account } = automation;
  sendLogs("data-factory", factory.id, ["PipelineRuns", "ActivityRuns", "TriggerRuns"], workspaceId, {
    parent: dataFactory,
  });
  // Where the logs of a shared account or vault go is its owner's to say.
  if (!automation.isShared)
    sendLogs("automation", account.id, ["JobLogs", "JobStreams"], workspaceId, { parent: automation });
  if (!keyVault.isShared)
    sendLogs("key-vault", keyVault.vault.id, ["AuditEvent"], workspaceId, { parent: keyVault });
  sendLogs("sql", sql.database.id, ["Errors", "Timeouts", "Deadlocks"], workspaceId, { parent: sql });
  if (config.sql.auditing && sql.own) auditSql(sql, sql.own, workspaceId);
  // The function's lines are in Application Insights, which is in the same workspace: its own log would hold each of them again.
  new Alerts("alerts", {
    ...place,
    rulesPrefix,
    factoryId: factory.id,
    automationId: account.id,
    // In a shared account and a shared workspace there are other tenants' jobs and runs too.
    runbookName: automation.isShared ? automation.runbookName : undefined,
    isWorkspaceShared: config.existing.logAnalyticsWorkspace !== undefined,
    functionAppName: functionApp.app.name,
    applicationInsightsId: applicationInsights.id,
    workspaceId,
    actionGroupIds,
    datasetIds: config.datasets.map(({ id }) => id),
    pipelineName: PIPELINE,
    reconcilePipelineName: RECONCILE_PIPELINE,
  });
  if (config.budget && config.alertEmail)
    monthlyBudget("budget", {
      scope: group.id,
      budgetName: pulumi.interpolate`${rulesPrefix}budget`,
      tenant: config.existing.resourceGroup === undefined ? undefined : pulumi.getStack(),
      settings: config.budget,
      email: config.alertEmail,
    });
}
