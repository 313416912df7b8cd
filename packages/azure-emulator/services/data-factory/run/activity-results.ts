import { fromJson, objectOf, property, type Value } from "../expressions/value";
import type { ActivityFailure } from "./activity-error";
import type { ActivityRun } from "./records";

/** The values of `activity('name')`. An iteration of a ForEach has separate results and also sees those of its parent. */
export class ActivityResults {
  private readonly results = new Map<string, Value>();
  constructor(private readonly parent?: ActivityResults) {}

  get(name: string): Value | undefined {
    return property(this.results, name) ?? this.parent?.get(name);
  }

  /** @param output what the activity returned, unmasked even if the run shows it masked */
  recordEnd(
    run: ActivityRun,
    output: Readonly<Record<string, unknown>>,
    error: ActivityFailure | null,
  ): void {
    this.results.set(
      run.activityName,
      objectOf([
        ["activityRunId", run.activityRunId],
        ["activityName", run.activityName],
        ["activityType", run.activityType],
        ["executionStartTime", run.activityRunStart],
        ["executionEndTime", run.activityRunEnd],
        ["duration", run.durationInMs === null ? null : BigInt(run.durationInMs)],
        ["status", run.status],
        ["output", fromJson(output)],
        ["error", error === null ? null : fromJson({ ...error, target: run.activityName })],
      ]),
    );
  }

  recordSkip(name: string): void {
    this.results.set(
      name,
      objectOf([
        ["activityName", name],
        ["status", "Skipped"],
        ["output", null],
        ["error", null],
      ]),
    );
  }
}
