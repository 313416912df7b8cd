import { z } from "zod";
import { ActivityError } from "../run/activity-error";
import { pause } from "../run/pause";
import { defineActivity } from "./define-activity";

/** Waits. The emulator shortens the time by `intervalScale`, which the output shows. */
export const wait = defineActivity({
  type: "Wait",
  properties: z.strictObject({ waitTimeInSeconds: z.unknown() }),
  async run({ properties }, { resolver, recordInput, services, signal }) {
    const waitTimeInSeconds = resolver.number(properties.waitTimeInSeconds, "waitTimeInSeconds");
    if (!Number.isInteger(waitTimeInSeconds) || waitTimeInSeconds < 0) {
      throw new ActivityError("BadRequest", "waitTimeInSeconds must be a whole number of seconds.");
    }
    recordInput({ waitTimeInSeconds });
    await pause(waitTimeInSeconds * 1000 * services.intervalScale, signal);
    return services.intervalScale === 1 ? {} : { intervalScale: services.intervalScale };
  },
});
