import { z } from "zod";
import { sha256 } from "../../../../kit/sha256";
import { refusal } from "../../../control-plane/rules/azure-rule";
import { dataFactoryRules } from "../data-factory-rules";

const operator = z.enum(["Equals", "NotEquals", "In", "NotIn"]);

/** The body of a query for pipeline, activity or trigger runs. */
export const runFilters = z.strictObject({
  lastUpdatedAfter: z.iso.datetime({ offset: true }),
  lastUpdatedBefore: z.iso.datetime({ offset: true }),
  continuationToken: z.string().optional(),
  filters: z
    .array(
      z.strictObject({
        operand: z.enum(
          [
            "PipelineName",
            "Status",
            "RunStart",
            "RunEnd",
            "ActivityName",
            "ActivityType",
            "ActivityRunStart",
            "ActivityRunEnd",
            "LatestOnly",
            "RunGroupId",
            "TriggerName",
            "TriggerRunTimestamp",
          ],
          { error: "the emulator does not filter by this operand" },
        ),
        operator,
        values: z.array(z.string()),
      }),
    )
    .default([]),
  orderBy: z
    .array(
      z.strictObject({
        orderBy: z.enum([
          "RunStart",
          "RunEnd",
          "PipelineName",
          "Status",
          "ActivityName",
          "ActivityRunStart",
          "ActivityRunEnd",
          "TriggerName",
          "TriggerRunTimestamp",
        ]),
        order: z.enum(["ASC", "DESC"]),
      }),
    )
    .default([]),
});

type RunFilters = z.infer<typeof runFilters>;

/** Time of a record's last change. */
function lastChange(record: object): number {
  const at =
    field(record, "lastUpdated") ??
    field(record, "activityRunEnd") ??
    field(record, "activityRunStart") ??
    field(record, "triggerRunTimestamp");
  return Date.parse(at ?? "");
}

/** Runs on a page, at most. */
const PAGE = 100;

/**
 * A page of the records in the time window that pass every filter, and the token of the next page.
 * @throws ArmError 400 for a token that belongs to no query, or to another
 */
export function answerQuery<T extends object>(
  records: readonly T[],
  query: RunFilters,
): { value: T[]; continuationToken?: string } {
  const { continuationToken, ...asked } = query;
  const seal = sha256(JSON.stringify(asked)).slice(0, 16);
  const tokenOf = (start: number) => Buffer.from(`${start}.${seal}`).toString("base64url");
  const start = Number.parseInt(Buffer.from(continuationToken ?? "", "base64url").toString(), 10);
  if (continuationToken !== undefined && continuationToken !== tokenOf(start)) {
    throw refusal(dataFactoryRules.rules.runPages, "The continuationToken of the query is invalid.");
  }
  const first = continuationToken === undefined ? 0 : start;
  const found = matching(records, query);
  return {
    value: found.slice(first, first + PAGE),
    ...(first + PAGE < found.length && { continuationToken: tokenOf(first + PAGE) }),
  };
}

function matching<T extends object>(records: readonly T[], query: RunFilters): T[] {
  const [after, before] = [Date.parse(query.lastUpdatedAfter), Date.parse(query.lastUpdatedBefore)];
  const value = records
    .filter((record) => lastChange(record) >= after && lastChange(record) <= before)
    .filter((record) => query.filters.every((filter) => passes(record, filter)));
  for (const { orderBy, order } of [...query.orderBy].reverse()) {
    const sign = order === "ASC" ? 1 : -1;
    value.sort((a, b) => sign * (field(a, orderBy) ?? "").localeCompare(field(b, orderBy) ?? ""));
  }
  return value;
}

function passes(record: object, { operand, operator: how, values }: RunFilters["filters"][number]): boolean {
  // The emulator has no reruns, so every run is the latest of its group.
  if (operand === "LatestOnly") return true;
  const value = field(record, operand)?.toLowerCase();
  const listed = values.some((wanted) => wanted.toLowerCase() === value);
  return how === "Equals" || how === "In" ? listed : !listed;
}

/** `RunStart` → `runStart`. */
function field(record: object, name: string): string | undefined {
  const key = name.charAt(0).toLowerCase() + name.slice(1);
  const value: unknown = Reflect.get(record, key);
  return typeof value === "string" ? value : undefined;
}
