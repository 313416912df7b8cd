import { type Activity, type ActivityOutput, type ActivityShape, activityParser } from "../model/activity";
import type { ActivityContext } from "../run/activity-context";
import type { ActivityKind } from "../run/activity-kind";

export interface ActivityDefinition<P> extends ActivityShape<P> {
  /** One attempt. @throws ActivityError */
  run(activity: Activity<P>, context: ActivityContext): Promise<ActivityOutput>;
}

/** Makes an activity type of its definition. */
export function defineActivity<P>(definition: ActivityDefinition<P>): ActivityKind {
  return {
    ...activityParser(definition),
    // The runner hands an activity to the kind of its type, so this shape's parser made it.
    run: (activity, context) => definition.run(activity as Activity<P>, context),
  };
}
