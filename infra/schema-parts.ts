import * as z from "zod";

/** Text that matches the pattern. `expected` completes the message `expects …`. */
export const text = (pattern: RegExp, expected: string) =>
  z.string({ error: expected }).regex(pattern, { error: expected, abort: true });

export const wholeNumber = (min: number, max: number, expected = `a whole number from ${min} to ${max}`) =>
  z.int({ error: expected }).min(min, { error: expected }).max(max, { error: expected });

export const trueOrFalse = z.boolean({ error: "true or false" });
