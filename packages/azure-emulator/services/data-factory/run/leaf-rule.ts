import type { ActivityNode } from "../model/activity";
import type { EndStatus } from "./dependency";

/**
 * Data Factory's rule for the outcome of a list of activities: look at the leaves; of a leaf that was skipped look
 * at what it depends on instead; the list succeeded if all that was looked at did.
 * (Microsoft Learn, "Errors and conditional execution".)
 * @returns the names of the activities that did not succeed; empty means success.
 */
export function unsuccessful(
  activities: readonly ActivityNode[],
  ended: ReadonlyMap<string, EndStatus>,
): readonly string[] {
  const byName = new Map(activities.map((activity) => [activity.name, activity]));
  const depended = new Set(
    activities.flatMap((activity) => activity.dependsOn.map((entry) => entry.activity)),
  );
  const bad = new Set<string>();
  const seen = new Set<string>();
  for (const activity of activities) if (!depended.has(activity.name)) look(activity);
  return [...bad];

  function look(activity: ActivityNode): void {
    if (seen.has(activity.name)) return;
    seen.add(activity.name);
    const status = ended.get(activity.name);
    if (status === "Succeeded") return;
    if (status !== "Skipped") {
      bad.add(activity.name);
      return;
    }
    for (const { activity: name } of activity.dependsOn) {
      const parent = byName.get(name);
      if (parent !== undefined) look(parent);
    }
  }
}
