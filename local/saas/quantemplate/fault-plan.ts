import { z } from "zod";

/** What breaks next. Without any effect of its own (status, cutAfterBytes, malformed) a fault only delays. */
export const faultSchema = z.strictObject({
  target: z.enum(["token", "dataset"]).default("dataset"),
  /** Only downloads of this dataset. */
  dataset: z.string().optional(),
  /** How many answers it breaks. */
  times: z.int().min(1).default(1),
  delayMs: z.int().min(0).max(600_000).optional(),
  /** Answers this status instead, 204 included. */
  status: z.int().min(200).max(599).optional(),
  /** Body of that status; as text, or as JSON where it is an object. */
  body: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  retryAfterSeconds: z.int().min(0).optional(),
  /** Cuts the connection after so many bytes of the body. */
  cutAfterBytes: z.int().min(0).optional(),
  /** Sends the content with: an unclosed quote or a row of too many cells at its end, a byte that is no UTF-8, or a page of HTML instead. */
  malformed: z
    .union([z.literal(true).transform(() => "quote" as const), z.enum(["quote", "columns", "utf8", "html"])])
    .optional(),
});

export type Fault = z.infer<typeof faultSchema>;

/** The faults of each organisation, used up in the order in which they came. They do not survive a restart. */
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
