import type { Activity, ActivityOutput, ActivityParser } from "../model/activity";
import type { ActivityContext } from "./activity-context";

/** An activity type that the emulator runs. */
export interface ActivityKind extends ActivityParser {
  /** Runs one attempt of an activity that `parse` returned. @throws ActivityError */
  run(activity: Activity<unknown>, context: ActivityContext): Promise<ActivityOutput>;
}

/** Activity types by `type`. */
export type ActivityKinds = ReadonlyMap<string, ActivityKind>;
