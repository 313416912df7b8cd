import { z } from "zod";
import { defineActivity } from "./define-activity";

const list = z.array(z.unknown()).default([]);

/** Documented limit (https://learn.microsoft.com/azure/data-factory/control-flow-switch-activity); one case is the least. */
const MAX_CASES = 25;

/** Runs the activities of the case that equals a value, else the default activities. */
export const switchActivity = defineActivity({
  type: "Switch",
  properties: z.strictObject({
    on: z.unknown(),
    cases: z
      .array(z.strictObject({ value: z.string(), activities: list }))
      .min(1)
      .max(MAX_CASES),
    defaultActivities: list,
  }),
  branches: ({ cases, defaultActivities }) => [
    defaultActivities,
    ...cases.map(({ activities }) => activities),
  ],
  async run({ properties, branches: [otherwise = [], ...branches] }, context) {
    const on = context.resolver.text(properties.on);
    const position = properties.cases.findIndex(({ value }) => value === on);
    context.recordInput({ on });
    await context.runBranch(branches[position] ?? otherwise);
    return {};
  },
});
