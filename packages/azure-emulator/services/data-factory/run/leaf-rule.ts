import type { ActivityNode } from "../model/activity";
import type { EndStatus } from "./dependency";

/**
 * Data Factory's rule for the outcome of a list of activities: evaluate the leaf activities, and for a skipped leaf the
 * activities that it depends on. The list succeeded if all evaluated activities did.
 * (Microsoft Learn, "Errors and conditional execution".)
 * @returns the names of the evaluated activities that did not succeed; empty means success
 */
export function unsuccessful(
  activities: readonly ActivityNode[],
  ended: ReadonlyMap<string, EndStatus>,
): readonly string[] {
  const byName = new Map(activities.map((activity) => [activity.name, activity]));
  const parents = new Set(
    activities.flatMap((activity) => activity.dependsOn.map((entry) => entry.activity)),
  );
  const failed = new Set<string>();
  const seen = new Set<string>();
  for (const activity of activities) if (!parents.has(activity.name)) evaluate(activity);
  return [...failed];

  function evaluate(activity: ActivityNode): void {
    if (seen.has(activity.name)) return;
    seen.add(activity.name);
    const status = ended.get(activity.name);
    if (status === "Succeeded") return;
    if (status !== "Skipped") {
      failed.add(activity.name);
      return;
    }
    for (const { activity: name } of activity.dependsOn) {
      const parent = byName.get(name);
      if (parent !== undefined) evaluate(parent);
    }
  }
}
