import * as z from "zod";
import { sha256 } from "../packages/kit/sha256";
import { text } from "./schema-parts";
import type { Json } from "./studio-json";

/** The trigger of adf-definitions/ whose time is the tenant's. */
export const RECONCILE_TRIGGER = "QT_reconcile_daily";

/** From half past midnight on: the day's events are over, and the load is done before people work. */
const FIRST_MINUTE = 30;
const NIGHT_MINUTES = 5 * 60;

export const reconcileSchema = z
  .strictObject({
    time: text(/^([01]\d|2[0-3]):[0-5]\d$/, "a time in quotes, from 00:00 to 23:59")
      .optional()
      .describe(
        "When the daily reconciliation begins; by default a minute between 00:30 and 05:30 that follows from the tenant's name.",
      ),
    timeZone: text(
      /^(UTC|[A-Z][A-Za-z. ]* Standard Time)$/,
      "UTC or a Windows time zone such as GMT Standard Time",
    )
      .default("UTC")
      .describe("The zone of that time, by its Windows name."),
  })
  .prefault({})
  .describe("When every dataset is loaded once more, for events that were lost.");

export type Reconcile = z.output<typeof reconcileSchema>;

/** The tenant's time, so that a fleet's tenants do not load at once: `HH:mm`. */
export function reconcileTime({ time }: Reconcile, stack: string): string {
  if (time !== undefined) return time;
  const minute = FIRST_MINUTE + (Number.parseInt(sha256(stack).slice(0, 8), 16) % NIGHT_MINUTES);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Studio's trigger with the tenant's time in place of Studio's, and the webhook that its run looks at. */
export function atTenantTime(
  properties: Json,
  reconcile: Reconcile,
  stack: string,
  webhookAddress: string,
): Json {
  const time = reconcileTime(reconcile, stack);
  const [hours, minutes] = time.split(":").map(Number);
  const recurrence = properties.recurrence as Json;
  const day = String(recurrence.startTime).slice(0, 10);
  const pipelines = (properties.pipelines as Json[]).map((pipeline) => ({
    ...pipeline,
    parameters: { ...(pipeline.parameters as Json), WebhookUrl: webhookAddress },
  }));
  return {
    ...properties,
    pipelines,
    recurrence: {
      ...recurrence,
      // Data Factory takes a Z with UTC only.
      startTime: `${day}T${time}:00${reconcile.timeZone === "UTC" ? "Z" : ""}`,
      timeZone: reconcile.timeZone,
      schedule: { minutes: [minutes], hours: [hours] },
    },
  } as Json;
}
