/** Status of a pipeline run, with Azure's names. */
export type RunStatus = "Queued" | "InProgress" | "Succeeded" | "Failed" | "Canceling" | "Cancelled";

/** Status of one attempt of an activity. */
export type ActivityStatus = "InProgress" | "Succeeded" | "Failed" | "Skipped" | "Cancelled";

/** What started a run. */
export interface Invoker {
  readonly id: string;
  readonly name: string;
  readonly invokedByType: "Manual" | "ScheduleTrigger" | "PipelineActivity";
  readonly pipelineName?: string;
  readonly pipelineRunId?: string;
}

/** A pipeline run as `GET pipelineruns/{runId}` returns it, plus the factory's id. */
export interface PipelineRun {
  readonly runId: string;
  readonly runGroupId: string;
  readonly isLatest: true;
  readonly factoryId: string;
  readonly pipelineName: string;
  /** Values as strings, as Azure returns them; secure parameters are masked. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly invokedBy: Invoker;
  readonly status: RunStatus;
  readonly message: string;
  /** ISO 8601, UTC. For a queued run, the time of its creation. */
  readonly runStart: string;
  readonly runEnd: string | null;
  readonly durationInMs: number | null;
  readonly lastUpdated: string;
  readonly annotations: readonly unknown[];
  readonly runDimensions: Readonly<Record<string, string>>;
}

/** One attempt of an activity as `queryActivityruns` returns it. */
export interface ActivityRun {
  readonly activityRunId: string;
  readonly activityName: string;
  readonly activityType: string;
  readonly pipelineName: string;
  readonly pipelineRunId: string;
  readonly linkedServiceName: string;
  readonly status: ActivityStatus;
  readonly activityRunStart: string;
  readonly activityRunEnd: string | null;
  readonly durationInMs: number | null;
  readonly input: unknown;
  readonly output: unknown;
  readonly error: {
    readonly errorCode: string;
    readonly message: string;
    readonly failureType: string;
    readonly target: string;
  };
  /** null for the first attempt. */
  readonly retryAttempt: number | null;
  readonly userProperties: Readonly<Record<string, unknown>>;
}

/** One firing of a trigger as `queryTriggerRuns` returns it, plus the factory's id. */
export interface TriggerRun {
  readonly triggerRunId: string;
  readonly factoryId: string;
  readonly triggerName: string;
  readonly triggerType: "ScheduleTrigger";
  /** ISO 8601, UTC. */
  readonly triggerRunTimestamp: string;
  readonly status: "Succeeded" | "Failed";
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
  /** Ids of the started runs, by pipeline. */
  readonly triggeredPipelines: Readonly<Record<string, string>>;
  readonly runDimension: Readonly<Record<string, string>>;
  readonly dependencyStatus: Readonly<Record<string, unknown>>;
}

export function isTerminal(status: RunStatus): boolean {
  return status === "Succeeded" || status === "Failed" || status === "Cancelled";
}
