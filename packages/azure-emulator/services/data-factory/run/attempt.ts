import { randomUUID } from "node:crypto";
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

/** What an attempt is given to do its work: a signal, and where to put its input. */
export type Work = (
  signal: AbortSignal,
  recordInput: (input: Readonly<Record<string, unknown>>) => void,
) => Promise<ActivityOutput>;

/** Runs an activity once, within its timeout, and keeps a record of it. Never throws. */
export async function attempt(
  activity: ActivityNode,
  number: number,
  owner: PipelineRun,
  cancelled: AbortSignal,
  work: Work,
  keep: { readonly store: RunStore; readonly flow: FlowLog; readonly resourceGroup: string },
): Promise<AttemptOutcome> {
  const began = performance.now();
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
  keep.store.saveActivity(record);
  const step = {
    id: record.activityRunId,
    hop: "data-factory",
    name: activity.name,
    parent: owner.runId,
    resourceGroup: keep.resourceGroup,
  } as const;
  keep.flow.append({ ...step, status: "started", ...(number === 0 ? {} : { detail: { retry: number } }) });

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
    keep.flow.append({ ...step, status: "succeeded", durationMs: elapsed(), detail: facts(output) });
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
    keep.flow.append({ ...step, status: "failed", durationMs: elapsed(), error: message });
    return { run: record, output: {}, error: { errorCode, message, failureType } };
  } finally {
    clearTimeout(timer);
  }

  function elapsed(): number {
    return Math.round(performance.now() - began);
  }

  function end(outcome: Partial<ActivityRun>): void {
    record = { ...record, ...outcome, activityRunEnd: new Date().toISOString(), durationInMs: elapsed() };
    keep.store.saveActivity(record);
  }
}

/** Work that does not heed the signal is left behind when it is aborted. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abandon = () => reject(new ActivityError("Cancelled", "The activity was aborted."));
    if (signal.aborted) abandon();
    signal.addEventListener("abort", abandon, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abandon));
  });
}

function failureOf(caught: unknown): ActivityError {
  if (caught instanceof ActivityError) return caught;
  const message = caught instanceof Error ? caught.message : String(caught);
  return new ActivityError("InternalError", message, "SystemError", { cause: caught });
}

/** Counts worth showing beside a step; the output itself may be large or secret. */
function facts(output: ActivityOutput): Record<string, number> {
  const shown = ["rowsCopied", "dataRead", "count", "ItemsCount", "FilteredItemsCount"];
  return Object.fromEntries(
    shown.flatMap((key): [string, number][] => {
      const value = output[key];
      return typeof value === "number" ? [[key, value]] : [];
    }),
  );
}
