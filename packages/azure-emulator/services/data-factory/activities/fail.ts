import { z } from "zod";
import { ActivityError } from "../run/activity-error";
import { defineActivity } from "./define-activity";

/** Fails with the pipeline's own message and error code. */
export const fail = defineActivity({
  type: "Fail",
  properties: z.strictObject({ message: z.unknown(), errorCode: z.unknown() }),
  async run({ properties }, { resolver, recordInput }) {
    const message = resolver.text(properties.message);
    const errorCode = resolver.text(properties.errorCode);
    recordInput({ message, errorCode });
    if (message.trim() === "")
      throw new ActivityError("FailMessageNotString", "The message of a Fail activity is empty.");
    if (errorCode.trim() === "")
      throw new ActivityError("ErrorCodeNotString", "The error code of a Fail activity is empty.");
    throw new ActivityError(errorCode, message);
  },
});
