import * as z from "zod";

/** Text that matches the pattern. `expected` completes the message `expects …`. */
export const text = (pattern: RegExp, expected: string) =>
  z.string({ error: expected }).regex(pattern, { error: expected, abort: true });

export const guid = text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "a GUID");

export const wholeNumber = (min: number, max: number, expected = `a whole number from ${min} to ${max}`) =>
  z.int({ error: expected }).min(min, { error: expected }).max(max, { error: expected });

export const trueOrFalse = z.boolean({ error: "true or false" });
