/** The dimensions of a type's metrics, by the metric's name in the REST API. */
export type Metrics = Readonly<Record<string, readonly string[]>>;

const activity = ["ActivityType", "PipelineName", "FailureType", "Name"];
const pipeline = ["FailureType", "CancelledBy", "Name"];
const trigger = ["Name", "FailureType"];
const runtime = ["IntegrationRuntimeName"];
const runtimeNode = ["IntegrationRuntimeName", "NodeName"];
const factory: Metrics = {
  ActivityCancelledRuns: activity,
  ActivityFailedRuns: activity,
  ActivitySucceededRuns: activity,
  PipelineCancelledRuns: pipeline,
  PipelineElapsedTimeRuns: ["RunId", "Name"],
  PipelineFailedRuns: pipeline,
  PipelineSucceededRuns: pipeline,
  TriggerCancelledRuns: trigger,
  TriggerFailedRuns: trigger,
  TriggerSucceededRuns: trigger,
  FactorySizeInGbUnits: [],
  MaxAllowedFactorySizeInGbUnits: [],
  MaxAllowedResourceCount: [],
  ResourceCount: [],
  IntegrationRuntimeAvailableMemory: runtimeNode,
  IntegrationRuntimeAvailableNodeNumber: runtime,
  IntegrationRuntimeAverageTaskPickupDelay: runtime,
  IntegrationRuntimeCpuPercentage: runtimeNode,
  IntegrationRuntimeQueueLength: runtime,
};

const automation: Metrics = {
  HybridWorkerPing: ["HybridWorkerGroup", "HybridWorker", "HybridWorkerVersion"],
  TotalJob: ["Runbook", "Status"],
  TotalUpdateDeploymentMachineRuns: [
    "Status",
    "TargetComputer",
    "SoftwareUpdateConfigurationName",
    "SoftwareUpdateConfigurationRunId",
  ],
  TotalUpdateDeploymentRuns: ["Status", "SoftwareUpdateConfigurationName"],
};

const request = [
  "request/performanceBucket",
  "request/resultCode",
  "request/success",
  "operation/synthetic",
  "cloud/roleInstance",
  "cloud/roleName",
];
const dependency = [
  "dependency/type",
  "dependency/performanceBucket",
  "dependency/success",
  "dependency/target",
  "dependency/resultCode",
  "operation/synthetic",
  "cloud/roleInstance",
  "cloud/roleName",
];
const availability = ["availabilityResult/name", "availabilityResult/location", "availabilityResult/success"];
const counter = ["cloud/roleInstance"];
const component: Metrics = {
  "availabilityResults/availabilityPercentage": ["availabilityResult/name", "availabilityResult/location"],
  "availabilityResults/count": availability,
  "availabilityResults/duration": availability,
  "browserTimings/networkDuration": [],
  "browserTimings/processingDuration": [],
  "browserTimings/receiveDuration": [],
  "browserTimings/sendDuration": [],
  "browserTimings/totalDuration": [],
  "dependencies/count": dependency,
  "dependencies/duration": dependency,
  "dependencies/failed": dependency,
  "exceptions/browser": ["client/isServer", "cloud/roleName"],
  "exceptions/count": ["cloud/roleName", "cloud/roleInstance", "client/type"],
  "exceptions/server": ["client/isServer", "cloud/roleName", "cloud/roleInstance"],
  "pageViews/count": ["operation/synthetic", "cloud/roleName"],
  "pageViews/duration": ["operation/synthetic", "cloud/roleName"],
  "performanceCounters/exceptionsPerSecond": counter,
  "performanceCounters/memoryAvailableBytes": counter,
  "performanceCounters/processCpuPercentage": counter,
  "performanceCounters/processIOBytesPerSecond": counter,
  "performanceCounters/processorCpuPercentage": counter,
  "performanceCounters/processPrivateBytes": counter,
  "performanceCounters/requestExecutionTime": counter,
  "performanceCounters/requestsInQueue": counter,
  "performanceCounters/requestsPerSecond": counter,
  "requests/count": request,
  "requests/duration": request,
  "requests/failed": request,
  "requests/rate": request,
  "traces/count": ["trace/severityLevel", "operation/synthetic", "cloud/roleName", "cloud/roleInstance"],
};

/**
 * The metrics of the resource types whose list is known here, by the type in lower case
 * (https://learn.microsoft.com/azure/azure-monitor/reference/metrics-index, a page for each type; without Data Factory's for Airflow, SSIS and
 * managed networks).
 */
export const supportedMetrics: ReadonlyMap<string, Metrics> = new Map([
  ["microsoft.datafactory/factories", factory],
  ["microsoft.automation/automationaccounts", automation],
  ["microsoft.insights/components", component],
]);

/** Metrics of Data Factory that the list leaves out. */
export const isUnlistedMetric = (name: string): boolean => /^(airflow|ssis|mvnet)/i.test(name);
