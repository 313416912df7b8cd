import { z } from "zod";

/** A fault for coming answers. Without an effect (status, cutAfterBytes, malformed) it only delays. */
export const faultSchema = z.strictObject({
  target: z.enum(["token", "dataset"]).default("dataset"),
  /** Only downloads of this dataset. */
  dataset: z.string().optional(),
  /** Number of answers that it breaks. */
  times: z.int().min(1).default(1),
  delayMs: z.int().min(0).max(600_000).optional(),
  /** Answers with this status instead, even 204. */
  status: z.int().min(200).max(599).optional(),
  /** Body for that status: text, or JSON if it is an object. */
  body: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  retryAfterSeconds: z.int().min(0).optional(),
  /** Cuts the connection after this many bytes of the body. */
  cutAfterBytes: z.int().min(0).optional(),
  /** The answer took this long: tokens that were issued before its end are as much older. No time is waited. */
  lastsSeconds: z.int().min(1).optional(),
  /** Damages the content: an unclosed quote or a row with too many cells at its end, an invalid UTF-8 byte, or an HTML page instead. */
  malformed: z
    .union([z.literal(true).transform(() => "quote" as const), z.enum(["quote", "columns", "utf8", "html"])])
    .optional(),
});

export type Fault = z.infer<typeof faultSchema>;

/** The faults of each organisation, used in the order in which they were added. A restart forgets them. */
export interface FaultPlan {
  add(organisation: string, fault: Fault): void;
  clear(organisation: string): void;
  list(organisation: string): Fault[];
  /** The fault for this answer, if any; it counts as used. */
  take(organisation: string, target: Fault["target"], dataset?: string): Fault | undefined;
}

export function createFaultPlan(): FaultPlan {
  const plans = new Map<string, Fault[]>();
  const of = (organisation: string) => plans.get(organisation) ?? [];
  return {
    add: (organisation, fault) => plans.set(organisation, [...of(organisation), fault]),
    clear: (organisation) => plans.delete(organisation),
    list: (organisation) => [...of(organisation)],
    take(organisation, target, dataset) {
      const faults = of(organisation);
      const index = faults.findIndex(
        (fault) => fault.target === target && (fault.dataset === undefined || fault.dataset === dataset),
      );
      const fault = faults[index];
      if (fault === undefined) return undefined;
      const left = fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [];
      plans.set(organisation, [...faults.slice(0, index), ...left, ...faults.slice(index + 1)]);
      return fault;
    },
  };
}
