import { type Activity, type ActivityOutput, type ActivityShape, activityParser } from "../model/activity";
import type { ActivityContext } from "../run/activity-context";
import type { ActivityKind } from "../run/activity-kind";

export interface ActivityDefinition<P> extends ActivityShape<P> {
  /** Runs one attempt. @throws ActivityError */
  run(activity: Activity<P>, context: ActivityContext): Promise<ActivityOutput>;
}

/** Creates an activity type from its definition. */
export function defineActivity<P>(definition: ActivityDefinition<P>): ActivityKind {
  return {
    ...activityParser(definition),
    // The cast is safe: the runner passes an activity to the kind of its type, whose parser created it.
    run: (activity, context) => definition.run(activity as Activity<P>, context),
  };
}
