import { randomUUID } from "node:crypto";
import { messageOf } from "../../../../kit/reason-of";
import type { FlowLog } from "../../../control-plane/flow-log";
import { sameId } from "../../../control-plane/resource";
import { EmulatorError } from "../../../errors/emulator-error";
import { writeJson } from "../expressions/json-writer";
import { toText } from "../expressions/text";
import { fromJson, objectOf, type Value } from "../expressions/value";
import type { Pipeline } from "../model/pipeline";
import type { RunnerServices } from "./activity-context";
import { ActivityError } from "./activity-error";
import type { ActivityKinds } from "./activity-kind";
import type { DeployedFactory } from "./deployed-factory";
import { MASK } from "./mask";
import { bindParameters } from "./parameter-values";
import { executePipeline } from "./pipeline-execution";
import { type Invoker, isTerminal, type PipelineRun } from "./records";
import type { RunStore } from "./run-store";

/** Documented limit of queued runs of a pipeline. */
const MAX_QUEUED = 100;
/** Of the emulator: how many runs may have started one another in a row. Azure documents no limit. */
const MAX_DEPTH = 100;

export interface RunRequest {
  readonly factory: DeployedFactory;
  readonly pipelineName: string;
  readonly parameters: ReadonlyMap<string, Value>;
  readonly invokedBy: Invoker;
  /** The flow step that caused the run. */
  readonly parent?: string;
  /** Number of runs that started one another before this one. */
  readonly depth?: number;
}

/** A run that has not ended. */
interface LiveRun {
  readonly request: RunRequest;
  readonly pipeline: Pipeline;
  readonly parameters: ReadonlyMap<string, Value>;
  readonly cancel: AbortController;
  readonly children: Set<string>;
  readonly startedAt: number;
  readonly ended: Promise<PipelineRun>;
  end(run: PipelineRun): void;
}

/** Starts, queues and cancels the runs of all factories. */
export class Runner {
  private readonly live = new Map<string, LiveRun>();
  /** By pipeline: the ids of running runs, and of queued runs, oldest first. */
  private readonly lanes = new Map<string, { readonly running: Set<string>; readonly queued: string[] }>();

  constructor(
    private readonly kinds: ActivityKinds,
    readonly store: RunStore,
    private readonly services: RunnerServices,
    private readonly flow: FlowLog,
  ) {}

  /**
   * Starts a run, or queues it if the pipeline's `concurrency` is reached.
   * @throws ActivityError BadRequest, NotFound, TooManyRequests
   */
  start(request: RunRequest): PipelineRun {
    const pipeline = request.factory.pipeline(request.pipelineName);
    if (pipeline === undefined) {
      throw new ActivityError(
        "NotFound",
        `The factory '${request.factory.name}' has no pipeline '${request.pipelineName}'.`,
      );
    }
    const parameters = bindParameters(
      pipeline.parameters,
      request.parameters,
      fromJson,
      `pipeline '${pipeline.name}'`,
    );
    const lane = this.lane(request.factory, pipeline);
    const mustWait = lane.running.size >= (pipeline.concurrency ?? Number.POSITIVE_INFINITY);
    if (mustWait && lane.queued.length >= MAX_QUEUED) {
      throw new ActivityError(
        "TooManyRequests",
        `${MAX_QUEUED} runs of '${pipeline.name}' are already queued.`,
      );
    }
    const run = this.newRun(request, pipeline, parameters);
    let end: (run: PipelineRun) => void = () => undefined;
    const ended = new Promise<PipelineRun>((resolve) => {
      end = resolve;
    });
    this.live.set(run.runId, {
      request,
      pipeline,
      parameters,
      cancel: new AbortController(),
      children: new Set(),
      startedAt: performance.now(),
      ended,
      end,
    });
    this.store.saveRun(run);
    if (mustWait) lane.queued.push(run.runId);
    else void this.execute(run.runId);
    return run;
  }

  /** Waits until the run has ended; undefined for an unknown id. */
  async waitForRun(runId: string): Promise<PipelineRun | undefined> {
    return this.live.get(runId)?.ended ?? this.store.get(runId);
  }

  /** Cancels a run and, if `recursive`, the runs that it started. A run that has ended stays as it is. */
  cancel(runId: string, recursive = true): void {
    const live = this.live.get(runId);
    const run = this.store.get(runId);
    if (live === undefined || run === undefined || isTerminal(run.status)) return;
    if (recursive) for (const child of live.children) this.cancel(child);
    const lane = this.lane(live.request.factory, live.pipeline);
    const position = lane.queued.indexOf(runId);
    live.cancel.abort();
    if (position >= 0) {
      lane.queued.splice(position, 1);
      this.finish(runId, "Cancelled", "The run was cancelled before it started.");
    } else this.update(runId, { status: "Canceling" });
  }

  /** Cancels the runs of a factory, waits for their end, and forgets them. */
  async forget(factoryId: string): Promise<void> {
    const own = [...this.live].filter(([, { request }]) => sameId(request.factory.id, factoryId));
    for (const [runId] of own) this.cancel(runId);
    await Promise.all(own.map(([, { ended }]) => ended));
    this.store.forget(factoryId);
  }

  /** Cancels all runs and waits for their end. If the process ends earlier, the next start marks them as failed. */
  async stop(): Promise<void> {
    const open = [...this.live.values()].map(({ ended }) => ended);
    for (const runId of [...this.live.keys()]) this.cancel(runId);
    await Promise.all(open);
  }

  private async execute(runId: string): Promise<void> {
    const live = this.live.get(runId);
    if (live === undefined) return;
    const { request, pipeline, parameters, cancel } = live;
    const lane = this.lane(request.factory, pipeline);
    lane.running.add(runId);
    const run = this.update(runId, { status: "InProgress" });
    try {
      const failure = await executePipeline({
        run,
        pipeline,
        factory: request.factory,
        system: system(run, parameters, request),
        kinds: this.kinds,
        services: this.services,
        store: this.store,
        flow: this.flow,
        cancelled: cancel.signal,
        startPipeline: (name, values) => this.startChild(runId, name, values),
      });
      if (cancel.signal.aborted) this.finish(runId, "Cancelled", "The run was cancelled.");
      else if (failure === undefined) this.finish(runId, "Succeeded", "");
      else
        this.finish(
          runId,
          "Failed",
          `Operation on target ${failure.activity} failed: ${failure.error.message}`,
        );
    } catch (error) {
      this.finish(runId, "Failed", messageOf(error));
    } finally {
      lane.running.delete(runId);
      const next = lane.queued.shift();
      if (next !== undefined) void this.execute(next);
    }
  }

  private startChild(parentId: string, name: string, parameters: ReadonlyMap<string, Value>) {
    const parent = this.live.get(parentId);
    if (parent === undefined) throw new ActivityError("Cancelled", "The run has ended.");
    const { depth = 0 } = parent.request;
    if (depth >= MAX_DEPTH) throw tooDeep(name);
    const child = this.start({
      factory: parent.request.factory,
      pipelineName: name,
      parameters,
      invokedBy: {
        id: parentId,
        name: parent.pipeline.name,
        invokedByType: "PipelineActivity",
        pipelineName: parent.pipeline.name,
        pipelineRunId: parentId,
      },
      parent: parentId,
      depth: depth + 1,
    });
    parent.children.add(child.runId);
    const finished = this.waitForRun(child.runId).then((run) => run ?? child);
    return { runId: child.runId, finished };
  }

  private newRun(
    request: RunRequest,
    pipeline: Pipeline,
    parameters: ReadonlyMap<string, Value>,
  ): PipelineRun {
    const runId = randomUUID();
    const now = new Date().toISOString();
    this.flow.append({
      id: runId,
      hop: "data-factory",
      name: `pipeline ${pipeline.name}`,
      status: "started",
      resourceGroup: request.factory.resourceGroup,
      ...(request.parent === undefined ? {} : { parent: request.parent }),
    });
    return {
      runId,
      runGroupId: runId,
      isLatest: true,
      factoryId: request.factory.id,
      pipelineName: pipeline.name,
      parameters: shownParameters(pipeline, parameters),
      invokedBy: request.invokedBy,
      status: "Queued",
      message: "",
      runStart: now,
      runEnd: null,
      durationInMs: null,
      lastUpdated: now,
      annotations: pipeline.annotations,
      runDimensions: {},
    };
  }

  private update(runId: string, change: Partial<PipelineRun>): PipelineRun {
    const present = this.store.get(runId);
    if (present === undefined) throw new Error(`There is no run ${runId}.`);
    const run = { ...present, ...change, lastUpdated: new Date().toISOString() };
    this.store.saveRun(run);
    return run;
  }

  private finish(runId: string, status: "Succeeded" | "Failed" | "Cancelled", message: string): void {
    const live = this.live.get(runId);
    if (live === undefined) return;
    const durationInMs = Math.round(performance.now() - live.startedAt);
    const run = this.update(runId, { status, message, runEnd: new Date().toISOString(), durationInMs });
    this.live.delete(runId);
    this.flow.append({
      id: runId,
      hop: "data-factory",
      name: `pipeline ${run.pipelineName}`,
      status: status === "Succeeded" ? "succeeded" : "failed",
      durationMs: durationInMs,
      resourceGroup: live.request.factory.resourceGroup,
      ...(live.request.parent === undefined ? {} : { parent: live.request.parent }),
      ...(status === "Succeeded" ? {} : { error: message }),
    });
    live.end(run);
  }

  private lane(factory: DeployedFactory, pipeline: Pipeline) {
    const key = `${factory.id}/${pipeline.name}`.toLowerCase();
    const lane = this.lanes.get(key) ?? { running: new Set<string>(), queued: [] };
    this.lanes.set(key, lane);
    return lane;
  }
}

function tooDeep(pipeline: string): ActivityError {
  const { code, message, next } = new EmulatorError("QT3110", { pipeline, depth: MAX_DEPTH });
  return new ActivityError("BadRequest", `${code}: ${message} ${next}`);
}

function system(run: PipelineRun, parameters: ReadonlyMap<string, Value>, request: RunRequest) {
  const { invokedBy, factory } = request;
  return objectOf([
    ["DataFactory", factory.name],
    ["Pipeline", run.pipelineName],
    ["RunId", run.runId],
    ["TriggerType", invokedBy.invokedByType],
    ["TriggerId", invokedBy.id],
    ["TriggerName", invokedBy.name],
    ["TriggerTime", run.runStart],
    ["GroupId", run.runGroupId],
    ["TriggeredByPipelineName", invokedBy.pipelineName ?? null],
    ["TriggeredByPipelineRunId", invokedBy.pipelineRunId ?? null],
    ["parameters", objectOf(parameters)],
    ["globalParameters", factory.globalParameters()],
  ]);
}

function shownParameters(pipeline: Pipeline, values: ReadonlyMap<string, Value>): Record<string, string> {
  return Object.fromEntries(
    [...values].map(([name, value]) => {
      if (pipeline.parameters[name]?.type === "securestring") return [name, MASK];
      return [
        name,
        typeof value === "boolean"
          ? String(value)
          : typeof value === "object"
            ? writeJson(value)
            : toText(value),
      ];
    }),
  );
}
