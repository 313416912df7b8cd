import * as z from "zod";

const EXPECTED = "a date such as 2027-12-31 or 2027-12-31T00:00:00Z";

/** A day or a moment in UTC, as text. */
export const dateText = z
  .string({ error: EXPECTED })
  .refine((date) => /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(date) && !Number.isNaN(Date.parse(date)), {
    error: EXPECTED,
  });
