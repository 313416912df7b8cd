import { Alerts } from "./alerts";
import { monthlyBudget } from "./budget";
import type { TenantConfig } from "./config";
import { type Monitoring, sendLogs } from "./monitoring";
import { PIPELINE, RECONCILE_PIPELINE, type TenantEnvironment } from "./outputs";
import type { Placement } from "./placement";
import { auditSql } from "./sql-auditing";

/** Sends the logs of all resources to the workspace, and creates the alerts and the budget. */
export function observe(
  { group, keyVault, sql, dataFactory, automation, functionApp }: TenantEnvironment,
  { workspaceId, applicationInsights, actionGroupIds }: Monitoring,
  config: TenantConfig,
  place: Placement,
): void {
  const { factory } = dataFactory;
  const { account } = automation;
  sendLogs("data-factory", factory.id, ["PipelineRuns", "ActivityRuns", "TriggerRuns"], workspaceId, {
    parent: dataFactory,
  });
  sendLogs("automation", account.id, ["JobLogs", "JobStreams"], workspaceId, { parent: automation });
  sendLogs("key-vault", keyVault.vault.id, ["AuditEvent"], workspaceId, { parent: keyVault });
  sendLogs("sql", sql.database.id, ["Errors", "Timeouts", "Deadlocks"], workspaceId, { parent: sql });
  if (config.sql.auditing) auditSql(sql, workspaceId);
  // The function's lines are in Application Insights, which is in the same workspace: its own log would hold each of them again.
  new Alerts("alerts", {
    ...place,
    factoryId: factory.id,
    automationId: account.id,
    functionAppName: functionApp.app.name,
    applicationInsightsId: applicationInsights.id,
    workspaceId,
    actionGroupIds,
    datasetIds: config.datasets.map(({ id }) => id),
    pipelineName: PIPELINE,
    reconcilePipelineName: RECONCILE_PIPELINE,
  });
  if (config.budget && config.alertEmail) monthlyBudget("budget", group.id, config.budget, config.alertEmail);
}
