import { z } from "zod";
import type { Value } from "../expressions/value";
import { ActivityError } from "../run/activity-error";
import { defineActivity } from "./define-activity";

/** Documented limits. */
const MAX_ITEMS = 100_000;
const DEFAULT_BATCH_COUNT = 20;
const MAX_BATCH_COUNT = 50;

/** Runs activities once for each item, `batchCount` items at a time. It runs every item, even after one has failed. */
export const forEach = defineActivity({
  type: "ForEach",
  properties: z.strictObject({
    items: z.unknown(),
    isSequential: z.boolean().default(false),
    batchCount: z.int().min(1).max(MAX_BATCH_COUNT).default(DEFAULT_BATCH_COUNT),
    activities: z.array(z.unknown()).min(1),
  }),
  branches: ({ activities }) => [activities],
  async run({ properties, branches: [body = []] }, context) {
    const items = context.resolver.array(properties.items, "items");
    if (items.length > MAX_ITEMS) {
      throw new ActivityError(
        "BadRequest",
        `A ForEach runs at most ${MAX_ITEMS} items; there are ${items.length}.`,
      );
    }
    context.recordInput({ itemsCount: items.length });
    let next = 0;
    let failure: unknown;
    const lane = async () => {
      while (next < items.length && !context.signal.aborted) {
        const item: Value = items[next++] ?? null;
        try {
          await context.runBranch(body, item);
        } catch (error) {
          failure ??= error;
        }
      }
    };
    const lanes = properties.isSequential ? 1 : Math.min(properties.batchCount, items.length);
    await Promise.all(Array.from({ length: lanes }, lane));
    if (failure !== undefined) throw failure;
    return { ItemsCount: items.length };
  },
});
