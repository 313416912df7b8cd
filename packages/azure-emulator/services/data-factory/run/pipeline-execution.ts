import { setImmediate } from "node:timers/promises";
import type { FlowLog } from "../../../control-plane/flow-log";
import type { ExpressionScope } from "../expressions/scope";
import type { Value, ValueObject } from "../expressions/value";
import type { ActivityNode } from "../model/activity";
import type { Pipeline } from "../model/pipeline";
import type { ActivityContext, RunnerServices, StartedPipeline, Variables } from "./activity-context";
import { ActivityError, type ActivityFailure } from "./activity-error";
import type { ActivityKinds } from "./activity-kind";
import { ActivityResults } from "./activity-results";
import { type AttemptOutcome, attempt } from "./attempt";
import type { EndStatus } from "./dependency";
import type { DeployedFactory } from "./deployed-factory";
import { unsuccessful } from "./leaf-rule";
import { pause } from "./pause";
import type { PipelineRun } from "./records";
import { Resolver } from "./resolver";
import type { RunStore } from "./run-store";
import { schedule } from "./schedule";
import { createVariables } from "./variables";

export interface Execution {
  readonly run: PipelineRun;
  readonly pipeline: Pipeline;
  readonly factory: DeployedFactory;
  /** The value of `pipeline()`. */
  readonly system: ValueObject;
  readonly kinds: ActivityKinds;
  readonly services: RunnerServices;
  readonly store: RunStore;
  readonly flow: FlowLog;
  readonly cancelled: AbortSignal;
  startPipeline(name: string, parameters: ReadonlyMap<string, Value>): StartedPipeline;
}

/** How an activity ended, with its failure if there was one. */
interface Ended {
  readonly status: EndStatus;
  readonly error: ActivityFailure | null;
}

/**
 * Runs a pipeline's activities.
 * @returns undefined if the run succeeded, else the first failure that made it fail, with its activity
 */
export async function executePipeline(
  execution: Execution,
): Promise<{ readonly activity: string; readonly error: ActivityFailure } | undefined> {
  return new ListRun(execution, createVariables(execution.pipeline.variables)).run(
    execution.pipeline.activities,
  );
}

/** Runs one list of activities: the pipeline's, or one iteration of a branch. */
class ListRun {
  constructor(
    private readonly execution: Execution,
    private readonly variables: Variables,
    private readonly results = new ActivityResults(),
    private readonly item?: Value,
  ) {}

  async run(
    activities: readonly ActivityNode[],
  ): Promise<{ activity: string; error: ActivityFailure } | undefined> {
    const errors = new Map<string, ActivityFailure>();
    const ended = await schedule(activities, async (activity, met) => {
      const { status, error } = await this.runActivity(activity, met);
      if (error !== null) errors.set(activity.name, error);
      return status;
    });
    const failed = new Set(unsuccessful(activities, ended));
    // `errors` is in chronological order: the first failure that counts is the cause.
    for (const [activity, error] of errors) if (failed.has(activity)) return { activity, error };
    return undefined;
  }

  private async runActivity(activity: ActivityNode, met: boolean): Promise<Ended> {
    const { cancelled, services } = this.execution;
    // Activities that wait for nothing would otherwise hold the event loop, and with it every other service, until the run ends.
    if (met) await setImmediate();
    if (!met || cancelled.aborted) return this.skip(activity, met ? "Cancelled" : "Skipped");
    if (activity.inactiveAs !== undefined) return this.skip(activity, activity.inactiveAs);
    let outcome = await this.attempt(activity, 0);
    for (let retry = 1; retry <= activity.policy.retry && outcome.run.status === "Failed"; retry++) {
      this.logRetry(activity, outcome);
      await pause(activity.policy.retryIntervalMs * services.intervalScale, cancelled);
      if (cancelled.aborted) break;
      outcome = await this.attempt(activity, retry);
    }
    this.results.recordEnd(outcome.run, outcome.output, outcome.error);
    const status = outcome.run.status === "InProgress" ? "Cancelled" : outcome.run.status;
    return { status, error: outcome.error };
  }

  /** Logs the policy's retry interval and the factor by which it is shortened. */
  private logRetry(activity: ActivityNode, { run }: AttemptOutcome): void {
    const { flow, factory, services } = this.execution;
    flow.append({
      id: run.activityRunId,
      hop: "data-factory",
      name: activity.name,
      status: "info",
      parent: run.pipelineRunId,
      resourceGroup: factory.resourceGroup,
      detail: {
        retryIntervalInSeconds: activity.policy.retryIntervalMs / 1000,
        intervalScale: services.intervalScale,
      },
    });
  }

  private skip(activity: ActivityNode, status: EndStatus): Ended {
    this.results.recordSkip(activity.name);
    const error =
      status === "Cancelled"
        ? new ActivityError("Cancelled", "The run was cancelled.")
        : status === "Failed"
          ? new ActivityError("Inactive", "The activity is inactive and marked as failed.")
          : null;
    return { status, error };
  }

  private attempt(activity: ActivityNode, number: number): Promise<AttemptOutcome> {
    const { run, cancelled, kinds, store, flow, factory } = this.execution;
    return attempt(
      activity,
      number,
      run,
      cancelled,
      async (signal, recordInput) => {
        const kind = kinds.get(activity.type);
        if (kind === undefined) throw new Error(`The runner has no activity type '${activity.type}'.`);
        return kind.run(activity, this.context(activity, signal, recordInput));
      },
      { store, flow, resourceGroup: factory.resourceGroup },
    );
  }

  private context(
    activity: ActivityNode,
    signal: AbortSignal,
    recordInput: ActivityContext["recordInput"],
  ): ActivityContext {
    const { factory, services, startPipeline } = this.execution;
    return {
      activityName: activity.name,
      factory,
      services,
      signal,
      resolver: new Resolver(this.scope(this.item)),
      variables: this.variables,
      recordInput,
      withItem: (item) => new Resolver(this.scope(item)),
      runBranch: async (activities, item) => {
        const failure = await this.nested(item).run(activities);
        if (failure === undefined) return;
        throw new ActivityError(
          "ActionFailed",
          `Activity failed because an inner activity failed; Inner activity name: ${failure.activity}, Error: ${failure.error.message}`,
          failure.error.failureType,
        );
      },
      startPipeline,
    };
  }

  /** The list inside a container. Iterations of a ForEach may run at the same time, so each has its own results. */
  private nested(item: Value | undefined): ListRun {
    const results = item === undefined ? this.results : new ActivityResults(this.results);
    return new ListRun(this.execution, this.variables, results, item ?? this.item);
  }

  private scope(item: Value | undefined): ExpressionScope {
    return {
      pipeline: () => this.execution.system,
      activity: (name) => this.results.get(name),
      variable: (name) => this.variables.get(name),
      item: () => item,
      dataset: () => undefined,
      linkedService: () => undefined,
    };
  }
}
