import type { Dependency, DependencyCondition } from "../model/activity";
import type { ActivityStatus } from "./records";

/** How an activity ended, for the activities that depend on it. */
export type EndStatus = Exclude<ActivityStatus, "InProgress">;

/** True if every dependency is met. Conditions on one activity are alternatives; `Completed` excludes `Skipped`. */
export function isMet(dependencies: readonly Dependency[], ended: ReadonlyMap<string, EndStatus>): boolean {
  return dependencies.every(({ activity, conditions }) => {
    const status = ended.get(activity);
    return status !== undefined && conditions.some((condition) => matches(condition, status));
  });
}

function matches(condition: DependencyCondition, status: EndStatus): boolean {
  return condition === "Completed" ? status === "Succeeded" || status === "Failed" : condition === status;
}
