import * as z from "zod";
import { resourceIdSource } from "../existing/schema";
import { text, wholeNumber } from "../schema-parts";

/** The tenant's own resource, made in its resource group. */
export const OWN = "own";

function moved(what: string, kind: "automationAccount" | "sqlServer") {
  const { type, source } = resourceIdSource(kind);
  return z
    .strictObject({
      generation: wholeNumber(1, 999)
        .default(1)
        .describe(
          `Raise it by one when existing.${kind} changes: ${what} is made there beside the one before.`,
        ),
      from: text(new RegExp(`^(?:${OWN}|${source})$`, "i"), `${OWN}, or the resource id of a ${type}`)
        .optional()
        .describe(
          `Where the generation before is: ${OWN}, or the id that existing.${kind} had. It stays as long as this is set.`,
        ),
    })
    .check(({ value, issues }) => {
      if (value.from === undefined || value.generation > 1) return;
      const message = "2 or more, because from names where the generation before is";
      issues.push({ code: "custom", path: ["generation"], message, input: value.generation });
    })
    .prefault({});
}

/** The setting `move`. */
export const moveSchema = z
  .strictObject({
    automationAccount: moved("the runbook with its webhook", "automationAccount"),
    database: moved("a copy of the database", "sqlServer"),
  })
  .prefault({})
  .describe(
    "From where the tenant moves, between a resource of its own and a shared one, with both for a while.",
  );

export type MoveSettings = z.output<typeof moveSchema>;
export type Moved = MoveSettings["database"];

/** The id of a shared resource that is moved from; undefined if nothing moves, or from the tenant's own. */
export function sharedFrom({ from }: Moved): string | undefined {
  return from === OWN ? undefined : from;
}
