import { z } from "zod";
import { defineActivity } from "./define-activity";

const list = z.array(z.unknown()).default([]);

/** Runs one of two lists of activities, depending on a condition. */
export const ifCondition = defineActivity({
  type: "IfCondition",
  properties: z.strictObject({ expression: z.unknown(), ifTrueActivities: list, ifFalseActivities: list }),
  branches: ({ ifTrueActivities, ifFalseActivities }) => [ifTrueActivities, ifFalseActivities],
  async run({ properties, branches: [whenTrue = [], whenFalse = []] }, context) {
    const holds = context.resolver.bool(properties.expression, "The condition");
    context.recordInput({ expression: holds });
    await context.runBranch(holds ? whenTrue : whenFalse);
    return {};
  },
});
