/** The job statuses that the emulator uses; Automation has more. */
export type JobStatus = "New" | "Running" | "Completed" | "Failed";

/** One text that a runbook wrote. */
export interface JobStreamRecord {
  readonly time: string;
  readonly type: "Output" | "Warning" | "Error";
  readonly text: string;
}

/** One run of a runbook, as stored on disk. Times are ISO 8601, UTC. */
export interface JobRecord {
  readonly jobId: string;
  /** Name in the URL; the job id unless a client chose another with PUT. */
  readonly name: string;
  readonly accountId: string;
  readonly runbookName: string;
  readonly startedBy: string;
  /** Each value is JSON text or plain text, as in Automation's REST API. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The step of the flow that started the job. */
  readonly parentStep?: string;
  readonly creationTime: string;
  startTime?: string;
  endTime?: string;
  lastStatusModifiedTime: string;
  status: JobStatus;
  exception?: string;
  streams: JobStreamRecord[];
}

/** The job as ARM shows it. */
export function armJob(job: JobRecord): Record<string, unknown> {
  return {
    id: `${job.accountId}/jobs/${job.name}`,
    name: job.name,
    type: "Microsoft.Automation/automationAccounts/jobs",
    properties: {
      jobId: job.jobId,
      runbook: { name: job.runbookName },
      startedBy: job.startedBy,
      runOn: "",
      creationTime: job.creationTime,
      startTime: job.startTime ?? null,
      endTime: job.endTime ?? null,
      lastModifiedTime: job.lastStatusModifiedTime,
      lastStatusModifiedTime: job.lastStatusModifiedTime,
      provisioningState:
        job.status === "Failed" ? "Failed" : job.status === "Completed" ? "Succeeded" : "Processing",
      status: job.status,
      statusDetails: "None",
      exception: job.exception ?? null,
      parameters: job.parameters,
    },
  };
}

/** The texts of Write-Output, one a line. */
export function jobOutput(job: JobRecord): string {
  return job.streams
    .filter((stream) => stream.type === "Output")
    .map((stream) => `${stream.text}\n`)
    .join("");
}
