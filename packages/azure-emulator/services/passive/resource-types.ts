/**
 * Types that only have to exist: they are stored and shown, nothing runs behind them. Deploying any type that is neither here
 * nor run by a service fails with QT6001, so that nothing is ever silently ignored.
 */
export const existingOnlyTypes = [
  "Microsoft.Consumption/budgets",
  "Microsoft.Insights/actionGroups",
  "Microsoft.Insights/diagnosticSettings",
  "Microsoft.Insights/metricAlerts",
  "Microsoft.Insights/scheduledQueryRules",
  "Microsoft.Sql/servers/auditingSettings",
  "Microsoft.Sql/servers/azureADOnlyAuthentications",
  "Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies",
  "Microsoft.Sql/servers/securityAlertPolicies",
  "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
] as const;
