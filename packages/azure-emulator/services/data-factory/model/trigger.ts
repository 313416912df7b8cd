import { DateTime, type IANAZone } from "luxon";
import { z } from "zod";
import { timeZone } from "../expressions/date-time/time-zone";
import { ExpressionError } from "../expressions/expression-error";
import { checked } from "./checked";
import { DefinitionError } from "./definition-error";
import { parameterValues, pipelineReference, type Reference } from "./reference";

export interface Recurrence {
  readonly frequency: "Minute" | "Hour" | "Day";
  readonly interval: number;
  readonly startTime: Date;
  readonly endTime: Date | undefined;
  /** Windows id or IANA name. */
  readonly timeZone: string;
  /** For a daily recurrence only. */
  readonly hours: readonly number[] | undefined;
  /** For a daily recurrence only. */
  readonly minutes: readonly number[] | undefined;
}

/** A deployed schedule trigger. */
export interface Trigger {
  readonly name: string;
  readonly pipelines: readonly Reference[];
  readonly recurrence: Recurrence;
}

const unsupported = "the emulator supports the frequencies Minute, Hour and Day only";
const hour = z.int().min(0).max(23);
const minute = z.int().min(0).max(59);
/** With `Z` or an offset, or, in any zone but UTC, as the wall clock of the recurrence's zone. */
const time = z.iso.datetime({ offset: true, local: true });

const schema = z.strictObject({
  type: z.literal("ScheduleTrigger", { error: "the emulator runs triggers of type ScheduleTrigger only" }),
  description: z.string().optional(),
  annotations: z.array(z.unknown()).optional(),
  runtimeState: z.string().optional(),
  pipelines: z.array(
    z.strictObject({ pipelineReference, parameters: parameterValues.default({}) }).transform((entry) => ({
      ...entry.pipelineReference,
      parameters: entry.parameters,
    })),
  ),
  typeProperties: z.strictObject({
    recurrence: z.strictObject({
      frequency: z.enum(["Minute", "Hour", "Day"], { error: unsupported }),
      interval: z.int().min(1),
      startTime: time,
      endTime: time.optional(),
      timeZone: z.string().default("UTC"),
      schedule: z
        .strictObject({ hours: z.array(hour).optional(), minutes: z.array(minute).optional() })
        .prefault({}),
    }),
  }),
});

/** Parses a trigger's `properties`. @throws DefinitionError naming unknown or unsupported parts */
export function parseTrigger(name: string, properties: unknown): Trigger {
  const subject = `trigger '${name}'`;
  const parsed = checked(schema, properties, subject);
  const { schedule, startTime, endTime, ...recurrence } = parsed.typeProperties.recurrence;
  const zone = zoneOf(recurrence.timeZone, subject);
  return {
    name,
    pipelines: parsed.pipelines,
    recurrence: {
      ...recurrence,
      startTime: instant(startTime, zone, `${subject}: startTime`),
      endTime: endTime === undefined ? undefined : instant(endTime, zone, `${subject}: endTime`),
      hours: schedule.hours,
      minutes: schedule.minutes,
    },
  };
}

function zoneOf(id: string, subject: string): IANAZone {
  try {
    return timeZone(id);
  } catch (error) {
    if (error instanceof ExpressionError) throw new DefinitionError(`${subject}: ${error.message}`);
    throw error;
  }
}

/** A time without an offset is none in UTC: Azure wants `Z` there (https://github.com/microsoft/finops-toolkit/issues/2157). */
function instant(text: string, zone: IANAZone, what: string): Date {
  if (/(Z|[+-]\d\d:?\d\d)$/.test(text)) return new Date(text);
  if (["UTC", "Etc/UTC"].includes(zone.name))
    throw new DefinitionError(`${what} '${text}' has no time zone; in UTC it must end with Z.`);
  return DateTime.fromISO(text, { zone }).toJSDate();
}
