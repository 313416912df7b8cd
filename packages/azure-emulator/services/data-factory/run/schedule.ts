import type { ActivityNode } from "../model/activity";
import { type EndStatus, isMet } from "./dependency";

/**
 * Runs a list of activities. When all dependencies of an activity have ended, it starts, or is skipped if its conditions
 * are not met.
 * @param run gets the activity and whether its conditions are met
 * @returns how each activity ended, by name
 */
export async function schedule(
  activities: readonly ActivityNode[],
  run: (activity: ActivityNode, met: boolean) => Promise<EndStatus>,
): Promise<ReadonlyMap<string, EndStatus>> {
  const ended = new Map<string, EndStatus>();
  const byName = new Map(activities.map((activity) => [activity.name, activity]));
  const started = new Map<string, Promise<void>>();

  function start(activity: ActivityNode): Promise<void> {
    const known = started.get(activity.name);
    if (known !== undefined) return known;
    const promise = whenReady(activity);
    started.set(activity.name, promise);
    return promise;
  }

  async function whenReady(activity: ActivityNode): Promise<void> {
    await Promise.all(
      activity.dependsOn.map(({ activity: name }) => {
        const dependency = byName.get(name);
        return dependency === undefined ? undefined : start(dependency);
      }),
    );
    ended.set(activity.name, await run(activity, isMet(activity.dependsOn, ended)));
  }

  await Promise.all(activities.map(start));
  return ended;
}
