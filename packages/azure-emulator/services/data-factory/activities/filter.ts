import { z } from "zod";
import { toJson } from "../expressions/value";
import { defineActivity } from "./define-activity";

/** Keeps the items of an array that meet a condition. */
export const filter = defineActivity({
  type: "Filter",
  properties: z.strictObject({ items: z.unknown(), condition: z.unknown() }),
  async run({ properties }, context) {
    const items = context.resolver.array(properties.items, "items");
    context.recordInput({ itemsCount: items.length });
    const kept = items.filter((item) => context.withItem(item).bool(properties.condition, "The condition"));
    return { ItemsCount: items.length, FilteredItemsCount: kept.length, Value: kept.map(toJson) };
  },
});
