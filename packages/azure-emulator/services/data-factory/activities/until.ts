import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { milliseconds } from "../model/activity";
import { ActivityError } from "../run/activity-error";
import { defineActivity } from "./define-activity";

/** Runs activities until a condition is true, at least once. */
export const until = defineActivity({
  type: "Until",
  properties: z.strictObject({
    expression: z.unknown(),
    timeout: z.string().default("0.12:00:00"),
    activities: z.array(z.unknown()).min(1),
  }),
  branches: ({ activities }) => [activities],
  async run({ properties, branches: [body = []] }, context) {
    const deadline = performance.now() + milliseconds(properties.timeout);
    for (;;) {
      // The condition sees the results of the last iteration.
      const resolver = await context.runBranch(body);
      if (resolver.bool(properties.expression, "The condition")) return {};
      if (performance.now() > deadline) {
        throw new ActivityError("ActivityTimedOut", `The loop did not end within ${properties.timeout}.`);
      }
      if (context.signal.aborted) throw new ActivityError("Cancelled", "The run was cancelled.");
      await setImmediate();
    }
  },
});
