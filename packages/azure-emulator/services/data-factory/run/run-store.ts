import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { OWNER_ONLY } from "../../../control-plane/durable-file";
import { type ActivityRun, isTerminal, type PipelineRun } from "./records";

/** Number of runs that survive a restart; Azure keeps runs for 45 days. */
const MAX_STORED_RUNS = 1000;

/**
 * Keeps pipeline and activity runs in memory and in a JSON Lines file, so that the outcome of a run survives a kill. A
 * later line replaces earlier ones with the same id; an incomplete line is ignored.
 */
export class RunStore {
  private readonly runs = new Map<string, PipelineRun>();
  private readonly activities = new Map<string, Map<string, ActivityRun>>();

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
    for (const runId of old) {
      this.runs.delete(runId);
      this.activities.delete(runId);
    }
    const lines = this.list().flatMap((run) => [
      JSON.stringify({ run }),
      ...this.activityRuns(run.runId).map((activity) => JSON.stringify({ activity })),
    ]);
    const next = `${this.file}.next`;
    writeFileSync(next, lines.map((line) => `${line}\n`).join(""), { mode: OWNER_ONLY });
    renameSync(next, this.file);
  }

  private append(entry: { run: PipelineRun } | { activity: ActivityRun }): void {
    appendFileSync(this.file, `${JSON.stringify(entry)}\n`, { mode: OWNER_ONLY });
  }
}

function parse(line: string): { run?: PipelineRun; activity?: ActivityRun } | undefined {
  if (line === "") return undefined;
  try {
    return JSON.parse(line) as { run?: PipelineRun; activity?: ActivityRun };
  } catch {
    return undefined;
  }
}
