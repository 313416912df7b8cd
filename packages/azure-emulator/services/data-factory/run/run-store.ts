import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { OWNER_ONLY } from "../../../control-plane/durable-file";
import { sameId } from "../../../control-plane/resource";
import { type ActivityRun, isTerminal, type PipelineRun, type TriggerRun } from "./records";

/** Number of runs that survive a restart; Azure keeps runs for 45 days. */
const MAX_STORED_RUNS = 1000;

/**
 * Keeps pipeline, activity and trigger runs in memory and in a JSON Lines file, so that the outcome of a run survives a kill. A
 * later line replaces earlier ones with the same id; an incomplete line is ignored.
 */
export class RunStore {
  private readonly runs = new Map<string, PipelineRun>();
  private readonly activities = new Map<string, Map<string, ActivityRun>>();
  private readonly triggers = new Map<string, TriggerRun>();

  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.load();
    this.failInterrupted();
    this.compact();
  }

  get(runId: string): PipelineRun | undefined {
    return this.runs.get(runId);
  }

  /** Newest last. */
  list(): readonly PipelineRun[] {
    return [...this.runs.values()];
  }

  /** In the order of their start. */
  activityRuns(runId: string): readonly ActivityRun[] {
    return [...(this.activities.get(runId)?.values() ?? [])];
  }

  saveRun(run: PipelineRun): void {
    this.runs.set(run.runId, run);
    this.append({ run });
  }

  saveActivity(activity: ActivityRun): void {
    this.keep(activity);
    this.append({ activity });
  }

  /** Of all factories, newest last. */
  triggerRuns(): readonly TriggerRun[] {
    return [...this.triggers.values()];
  }

  saveTriggerRun(trigger: TriggerRun): void {
    this.triggers.set(trigger.triggerRunId, trigger);
    this.append({ trigger });
  }

  /** Drops everything of a factory. */
  forget(factoryId: string): void {
    const own = ({ factoryId: other }: { readonly factoryId: string }) => sameId(other, factoryId);
    const runs = this.list().filter(own);
    const triggers = this.triggerRuns().filter(own);
    if (runs.length + triggers.length === 0) return;
    for (const { runId } of runs) this.drop(runId);
    for (const { triggerRunId } of triggers) this.triggers.delete(triggerRunId);
    this.rewrite();
  }

  private drop(runId: string): void {
    this.runs.delete(runId);
    this.activities.delete(runId);
  }

  private keep(activity: ActivityRun): void {
    const ofRun = this.activities.get(activity.pipelineRunId) ?? new Map<string, ActivityRun>();
    ofRun.set(activity.activityRunId, activity);
    this.activities.set(activity.pipelineRunId, ofRun);
  }

  private load(): void {
    if (!existsSync(this.file)) return;
    for (const line of readFileSync(this.file, "utf8").split("\n")) {
      const entry = parse(line);
      if (entry?.run !== undefined) this.runs.set(entry.run.runId, entry.run);
      if (entry?.activity !== undefined) this.keep(entry.activity);
      if (entry?.trigger !== undefined) this.triggers.set(entry.trigger.triggerRunId, entry.trigger);
    }
  }

  /** Fails the runs that were in progress when the process ended, because they cannot continue. */
  private failInterrupted(): void {
    const now = new Date().toISOString();
    for (const run of this.runs.values()) {
      if (isTerminal(run.status)) continue;
      const message = "The emulator stopped while this run was in progress; run it again.";
      this.runs.set(run.runId, { ...run, status: "Failed", message, runEnd: now, lastUpdated: now });
      for (const activity of this.activityRuns(run.runId)) {
        if (activity.status !== "InProgress") continue;
        const error = {
          ...activity.error,
          errorCode: "EmulatorStopped",
          message,
          failureType: "SystemError",
        };
        this.keep({ ...activity, status: "Failed", activityRunEnd: now, error });
      }
    }
  }

  private compact(): void {
    const old = [...this.runs.keys()].slice(0, Math.max(0, this.runs.size - MAX_STORED_RUNS));
    for (const runId of old) this.drop(runId);
    const fired = [...this.triggers.keys()];
    for (const id of fired.slice(0, Math.max(0, fired.length - MAX_STORED_RUNS))) this.triggers.delete(id);
    this.rewrite();
  }

  private rewrite(): void {
    const triggers = this.triggerRuns().map((trigger) => JSON.stringify({ trigger }));
    const runs = this.list().flatMap((run) => [
      JSON.stringify({ run }),
      ...this.activityRuns(run.runId).map((activity) => JSON.stringify({ activity })),
    ]);
    const lines = [...triggers, ...runs];
    const next = `${this.file}.next`;
    writeFileSync(next, lines.map((line) => `${line}\n`).join(""), { mode: OWNER_ONLY });
    renameSync(next, this.file);
  }

  private append(entry: Entry): void {
    appendFileSync(this.file, `${JSON.stringify(entry)}\n`, { mode: OWNER_ONLY });
  }
}

/** A line of the file. */
interface Entry {
  readonly run?: PipelineRun;
  readonly activity?: ActivityRun;
  readonly trigger?: TriggerRun;
}

function parse(line: string): Entry | undefined {
  if (line === "") return undefined;
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}
