/**
 * The categories of the resource types whose list is known here, by the type in lower case
 * (https://learn.microsoft.com/azure/azure-monitor/reference/logs-index, a page for each type).
 */
export const logCategories: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "microsoft.datafactory/factories",
    [
      "ActivityRuns",
      "AirflowDagProcessingLogs",
      "AirflowSchedulerLogs",
      "AirflowTaskLogs",
      "AirflowWebLogs",
      "AirflowWorkerLogs",
      "PipelineRuns",
      "SandboxActivityRuns",
      "SandboxPipelineRuns",
      "SSISIntegrationRuntimeLogs",
      "SSISPackageEventMessageContext",
      "SSISPackageEventMessages",
      "SSISPackageExecutableStatistics",
      "SSISPackageExecutionComponentPhases",
      "SSISPackageExecutionDataStatistics",
      "TriggerRuns",
    ],
  ],
  ["microsoft.automation/automationaccounts", ["AuditEvent", "DscNodeStatus", "JobLogs", "JobStreams"]],
  ["microsoft.keyvault/vaults", ["AuditEvent", "AzurePolicyEvaluationDetails"]],
  [
    "microsoft.sql/servers/databases",
    [
      "AutomaticTuning",
      "Blocks",
      "DatabaseWaitStatistics",
      "Deadlocks",
      "DevOpsOperationsAudit",
      "DmsWorkers",
      "Errors",
      "ExecRequests",
      "QueryStoreRuntimeStatistics",
      "QueryStoreWaitStatistics",
      "RequestSteps",
      "SQLInsights",
      "SqlRequests",
      "SQLSecurityAuditEvents",
      "Timeouts",
      "Waits",
    ],
  ],
]);
