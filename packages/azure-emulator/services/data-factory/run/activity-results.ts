import { fromJson, objectOf, property, type Value } from "../expressions/value";
import type { ActivityFailure } from "./activity-error";
import type { ActivityRun } from "./records";

/**
 * What `activity('name')` answers. A loop's iteration has results of its own and sees those of the pipeline around it.
 */
export class ActivityResults {
  private readonly results = new Map<string, Value>();
  constructor(private readonly parent?: ActivityResults) {}

  get(name: string): Value | undefined {
    return property(this.results, name) ?? this.parent?.get(name);
  }

  /** `output` here is what the activity returned, also where the run shows it masked. */
  ended(run: ActivityRun, output: Readonly<Record<string, unknown>>, error: ActivityFailure | null): void {
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

  skipped(name: string): void {
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
