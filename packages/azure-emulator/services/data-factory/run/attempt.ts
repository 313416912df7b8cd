import { randomUUID } from "node:crypto";
import { messageOf } from "../../../../kit/reason-of";
import type { FlowLog } from "../../../control-plane/flow-log";
import type { ActivityNode, ActivityOutput } from "../model/activity";
import { ActivityError, type ActivityFailure } from "./activity-error";
import { masked } from "./mask";
import type { ActivityRun, PipelineRun } from "./records";
import type { RunStore } from "./run-store";

export interface AttemptOutcome {
  readonly run: ActivityRun;
  readonly output: ActivityOutput;
  readonly error: ActivityFailure | null;
}

/** The work of one attempt. */
export type Work = (
  signal: AbortSignal,
  recordInput: (input: Readonly<Record<string, unknown>>) => void,
) => Promise<ActivityOutput>;

/** Runs an activity once within its timeout and records the attempt. It never throws. */
export async function attempt(
  activity: ActivityNode,
  number: number,
  owner: PipelineRun,
  cancelled: AbortSignal,
  work: Work,
  journal: { readonly store: RunStore; readonly flow: FlowLog; readonly resourceGroup: string },
): Promise<AttemptOutcome> {
  const startedAt = performance.now();
  let record: ActivityRun = {
    activityRunId: randomUUID(),
    activityName: activity.name,
    activityType: activity.type,
    pipelineName: owner.pipelineName,
    pipelineRunId: owner.runId,
    linkedServiceName: activity.linkedService?.name ?? "",
    status: "InProgress",
    activityRunStart: new Date().toISOString(),
    activityRunEnd: null,
    durationInMs: null,
    input: {},
    output: {},
    error: { errorCode: "", message: "", failureType: "", target: activity.name },
    retryAttempt: number === 0 ? null : number,
    userProperties: {},
  };
  journal.store.saveActivity(record);
  const step = {
    id: record.activityRunId,
    hop: "data-factory",
    name: activity.name,
    parent: owner.runId,
    resourceGroup: journal.resourceGroup,
  } as const;
  journal.flow.append({ ...step, status: "started", ...(number === 0 ? {} : { detail: { retry: number } }) });

  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), Math.min(activity.policy.timeoutMs, 2 ** 31 - 1));
  timer.unref();
  const signal = AbortSignal.any([cancelled, timeout.signal]);
  try {
    const output = await untilAborted(
      work(signal, (input) => {
        record = { ...record, input: masked(input, activity.policy.secureInput) };
      }),
      signal,
    );
    end({ status: "Succeeded", output: masked(output, activity.policy.secureOutput) });
    journal.flow.append({
      ...step,
      status: "succeeded",
      durationMs: elapsed(),
      detail: detailOf(output, activity.policy.secureOutput),
    });
    return { run: record, output, error: null };
  } catch (caught) {
    const error = cancelled.aborted
      ? new ActivityError("Cancelled", "The run was cancelled.")
      : timeout.signal.aborted
        ? new ActivityError(
            "ActivityTimedOut",
            `The activity did not end within its timeout of ${activity.policy.timeoutMs / 1000} s.`,
          )
        : failureOf(caught);
    const { errorCode, message, failureType } = error;
    end({
      status: cancelled.aborted ? "Cancelled" : "Failed",
      error: { errorCode, message, failureType, target: activity.name },
    });
    journal.flow.append({ ...step, status: "failed", durationMs: elapsed(), error: message });
    return { run: record, output: {}, error: { errorCode, message, failureType } };
  } finally {
    clearTimeout(timer);
  }

  function elapsed(): number {
    return Math.round(performance.now() - startedAt);
  }

  function end(outcome: Partial<ActivityRun>): void {
    record = { ...record, ...outcome, activityRunEnd: new Date().toISOString(), durationInMs: elapsed() };
    journal.store.saveActivity(record);
  }
}

/** Rejects when the signal aborts, even if the work ignores the signal. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new ActivityError("Cancelled", "The activity was aborted."));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function failureOf(caught: unknown): ActivityError {
  if (caught instanceof ActivityError) return caught;
  const message = messageOf(caught);
  return new ActivityError("InternalError", message, "SystemError", { cause: caught });
}

/** What the flow shows of an output, which may be large or secret: its counts, and the row of a lookup for one. */
function detailOf(output: ActivityOutput, isSecret: boolean): Record<string, string | number> {
  const shown = ["rowsCopied", "dataRead", "count", "ItemsCount", "FilteredItemsCount"];
  const counts = shown.flatMap((key): [string, number][] => {
    const value = output[key];
    return typeof value === "number" ? [[key, value]] : [];
  });
  const row = isSecret ? {} : (output.firstRow ?? {});
  const cells = Object.entries(row).filter(
    (entry): entry is [string, string | number] =>
      typeof entry[1] === "number" || (typeof entry[1] === "string" && entry[1].length <= 200),
  );
  return Object.fromEntries([...counts, ...cells]);
}
