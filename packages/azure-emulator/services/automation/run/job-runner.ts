import { CodedError } from "../../../../kit/errors/coded-error";
import { messageOf } from "../../../../kit/reason-of";
import type { LocalContext } from "../../../control-plane/local-service";
import { type ArmResource, sameId } from "../../../control-plane/resource";
import { refusal } from "../../../control-plane/rules/azure-rule";
import { EmulatorError } from "../../../errors/emulator-error";
import type { AssetSecrets } from "../resources/asset-secrets";
import { automationLimitRules } from "../resources/automation-limits";
import type { RunbookContents } from "../resources/runbook-content";
import type { JobRecord, JobStatus, JobStreamRecord } from "./job";
import type { JobStore } from "./job-store";
import type { RunbookExecutor } from "./runbook-executor";
import { openSandbox } from "./sandbox";

/** The properties of a new job. */
export interface JobRequest {
  readonly jobId: string;
  readonly name: string;
  readonly account: ArmResource;
  readonly runbookName: string;
  readonly startedBy: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly parentStep?: string;
}

/** Starts jobs and records how they end. */
export interface JobRunner {
  /** The job is on disk when this returns, and runs soon. @throws ArmError if the account runs as many jobs as it may */
  create(request: JobRequest): JobRecord;
  /** Starts the jobs that a former process left unfinished again from the beginning, as Automation does. */
  resume(): void;
  /** Interrupts running jobs; the next `resume` starts them again. */
  stop(): Promise<void>;
}

interface Dependencies {
  readonly context: LocalContext;
  readonly contents: RunbookContents;
  readonly secrets: AssetSecrets;
  readonly jobs: JobStore;
  readonly executor: RunbookExecutor;
  /** Jobs that an account runs at once. */
  readonly atOnce: number;
}

export function createJobRunner({
  context,
  contents,
  secrets,
  jobs,
  executor,
  atOnce,
}: Dependencies): JobRunner {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  /** The jobs that run, without those that wait for a process. */
  const active = new Set<JobRecord>();

  const setStatus = (job: JobRecord, status: JobStatus) => {
    const now = new Date().toISOString();
    job.status = status;
    job.lastStatusModifiedTime = now;
    if (status === "Running") job.startTime = now;
    if (status === "Completed" || status === "Failed") job.endTime = now;
    jobs.save(job);
  };

  const execute = async (job: JobRecord) => {
    const account = context.resources.get(job.accountId);
    const runbookId = `${job.accountId}/runbooks/${job.runbookName}`;
    const content = contents.get(runbookId, "published");
    if (account === undefined || content === undefined) {
      throw new EmulatorError("QT2002", {
        runbook: job.runbookName,
        account: account?.name ?? job.accountId,
      });
    }
    const execution = {
      runbookName: job.runbookName,
      content,
      parameters: Object.fromEntries(
        Object.entries(job.parameters).map(([name, value]) => [name, parameterValue(value)]),
      ),
      sandbox: openSandbox(context, account, secrets, job.jobId),
      signal: stopping.signal,
      write: (type: JobStreamRecord["type"], text: string) =>
        job.streams.push({ time: new Date().toISOString(), type, text }),
    };
    await executor.run(execution, () => {
      active.add(job);
      setStatus(job, "Running");
    });
  };

  const run = async (job: JobRecord) => {
    const began = Date.now();
    const resourceGroup = job.accountId.split("/")[4];
    const step = {
      id: job.jobId,
      hop: "automation",
      name: "job",
      ...(job.parentStep === undefined ? {} : { parent: job.parentStep }),
      ...(resourceGroup === undefined ? {} : { resourceGroup }),
    } as const;
    context.flow.append({ ...step, status: "started", detail: { runbook: job.runbookName } });
    try {
      await execute(job);
      setStatus(job, "Completed");
      const detail = { runbook: job.runbookName, result: job.streams.at(-1)?.text ?? "" };
      context.flow.append({ ...step, status: "succeeded", durationMs: Date.now() - began, detail });
    } catch (error) {
      if (stopping.signal.aborted) return;
      if (context.resources.get(job.accountId) === undefined) return jobs.removeAll(job.accountId);
      job.exception = error instanceof CodedError ? error.format() : messageOf(error);
      job.streams.push({ time: new Date().toISOString(), type: "Error", text: job.exception });
      setStatus(job, "Failed");
      context.flow.append({
        ...step,
        status: "failed",
        durationMs: Date.now() - began,
        error: job.exception,
      });
    }
  };

  const launch = (job: JobRecord) => {
    const ended = run(job)
      // A job whose record cannot be written must not end the emulator.
      .catch((error: Error) =>
        context.flow.append({
          id: job.jobId,
          hop: "automation",
          name: "job",
          status: "failed",
          error: error.message,
        }),
      )
      .finally(() => {
        active.delete(job);
        running.delete(ended);
      });
    running.add(ended);
  };

  return {
    create({ account, ...request }) {
      const busy = [...active].filter(({ accountId }) => sameId(accountId, account.id)).length;
      if (busy >= atOnce) {
        const message = `Automation account '${account.name}' runs ${busy} jobs, the most that its subscription allows at once.`;
        throw refusal(automationLimitRules.rules.runningJobs, message);
      }
      const now = new Date().toISOString();
      const job: JobRecord = {
        ...request,
        accountId: account.id,
        creationTime: now,
        lastStatusModifiedTime: now,
        status: "New",
        streams: [],
      };
      jobs.save(job);
      setImmediate(() => stopping.signal.aborted || launch(job));
      return job;
    },
    resume() {
      for (const job of jobs.unfinished()) {
        if (job.status === "Running") {
          const text = "The job was interrupted and starts again from the beginning.";
          job.streams = [{ time: new Date().toISOString(), type: "Warning", text }];
          job.status = "New";
        }
        launch(job);
      }
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

/** Automation passes JSON parameters as objects, everything else as text. */
function parameterValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
