import * as z from "zod";
import { trueOrFalse, wholeNumber } from "./schema-parts";

/** What a page may hold at most, whatever the memory: functions/src/options.ts. */
export const LARGEST_PAGE_MB = 50;
/** A page of 20 MB fills 252 MB of an instance, beside the host's 250 (docs/sources.md, "Functions on Flex Consumption"). */
const MEMORY_PER_PAGE = 25;

/** The largest page that an instance with so much memory can build, in MB. */
export function largestPageMb(memoryMb: number): number {
  return Math.min(LARGEST_PAGE_MB, Math.floor(memoryMb / MEMORY_PER_PAGE));
}

/** The most that a page may hold, in MB, by a tenant's settings. */
export function pageMbOf({ memoryMb, maximumPageMb = LARGEST_PAGE_MB }: FunctionSizing): number {
  return Math.min(maximumPageMb, largestPageMb(memoryMb));
}

type FunctionSizing = Readonly<z.infer<typeof functionSchema>>;

/** The setting `function`. */
export const functionSchema = z
  .strictObject({
    memoryMb: z.literal([512, 2048, 4096], { error: "512, 2048 or 4096" }).default(2048),
    maximumInstances: wholeNumber(1, 1000).default(40),
    nodeVersion: z.enum(["22", "24"], { error: '"22" or "24"' }).default("24"),
    maximumPageMb: wholeNumber(1, LARGEST_PAGE_MB)
      .optional()
      .describe(
        "The most that a page to Fivetran may hold, in MB, whatever a connection's pageBytes asks for. Default: what the memory allows.",
      ),
    rollingUpdates: trueOrFalse
      .default(false)
      .describe(
        "Whether an update of code or settings lets pages in flight end (a preview of Azure's), in place of cutting them. Fivetran repeats a page that is cut.",
      ),
  })
  .superRefine(({ memoryMb, maximumPageMb = 0 }, context) => {
    const most = largestPageMb(memoryMb);
    // What is beyond every memory is refused already.
    if (maximumPageMb > most && maximumPageMb <= LARGEST_PAGE_MB)
      context.addIssue({
        code: "custom",
        path: ["maximumPageMb"],
        message: `at most ${most} with memoryMb ${memoryMb}: building a page takes ${MEMORY_PER_PAGE} times its size`,
      });
  })
  .prefault({})
  .describe("Size of the function app that Fivetran calls.");
