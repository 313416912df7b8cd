import * as z from "zod";
import { dateText } from "./schema-date";
import { wholeNumber } from "./schema-parts";

const generation = (what: string) =>
  z
    .strictObject({
      generation: wholeNumber(1, 999)
        .default(1)
        .describe(`Raise it by one for another ${what}; the one before stays until keepUntil.`),
      keepUntil: dateText
        .optional()
        .describe(
          `Until when the ${what} of the generation before works too; the first deployment after it removes that one. Not set: the deployment that makes the new one.`,
        ),
    })
    .prefault({});

/** What outside parties hold and can get anew without a gap. */
export const rotationSchema = z
  .strictObject({ webhook: generation("webhook address"), functionKey: generation("function key") })
  .prefault({})
  .describe("Which generation of the webhook's address and of the function's key is given out.");

export type Generation = z.output<typeof rotationSchema>["webhook"];

/** The generations that exist at that moment: the current first, then the one before it until its date. */
export function liveGenerations(
  { generation, keepUntil }: Generation,
  now: Date,
): readonly [number, ...number[]] {
  const isKept = generation > 1 && keepUntil !== undefined && now.getTime() < Date.parse(keepUntil);
  return isKept ? [generation, generation - 1] : [generation];
}

/** What a generation's resources have after their names. The first has nothing: stacks had it before there were generations. */
export function generationSuffix(generation: number): string {
  return generation === 1 ? "" : `-${generation}`;
}
