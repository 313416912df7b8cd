import * as z from "zod";

/** A day or a moment in UTC, as text. `expected` completes the message `expects …`. */
export const dateText = (expected: string) =>
  z
    .string({ error: expected })
    .refine((date) => /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(date) && !Number.isNaN(Date.parse(date)), {
      error: expected,
    });
