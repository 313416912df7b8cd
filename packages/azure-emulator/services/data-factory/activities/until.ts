import { z } from "zod";
import { milliseconds } from "../model/activity";
import { ActivityError } from "../run/activity-error";
import { pause } from "../run/pause";
import { defineActivity } from "./define-activity";

/** Between two passes, before `intervalScale`: a loop whose activities end at once must not fill the disk with their runs. */
const PAUSE_MS = 1000;

/**
 * Runs activities until a condition is true, at least once. "If an inner activity fails, the Until activity doesn't stop"
 * (https://learn.microsoft.com/azure/data-factory/control-flow-until-activity). How it ends if the last pass failed is not
 * documented: here it fails, so a pipeline must not rely on its success.
 */
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
      const failure = await failureOf(context.runBranch(body));
      if (context.signal.aborted) throw new ActivityError("Cancelled", "The run was cancelled.");
      // The condition sees the results of the last pass.
      if (context.resolver.bool(properties.expression, "The condition")) {
        if (failure !== undefined) throw failure;
        return {};
      }
      if (performance.now() > deadline) {
        throw new ActivityError("ActivityTimedOut", `The loop did not end within ${properties.timeout}.`);
      }
      await pause(PAUSE_MS * context.services.intervalScale, context.signal);
    }
  },
});

async function failureOf(pass: Promise<void>): Promise<ActivityError | undefined> {
  try {
    await pass;
    return undefined;
  } catch (error) {
    if (error instanceof ActivityError) return error;
    throw error;
  }
}
