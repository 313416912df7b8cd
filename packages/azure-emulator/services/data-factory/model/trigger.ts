import { z } from "zod";
import { checked } from "./checked";
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
/** Azure also accepts times without an offset and reads them in the recurrence's time zone; the emulator requires an offset. */
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

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
      startTime: instant,
      endTime: instant.optional(),
      timeZone: z.string().default("UTC"),
      schedule: z
        .strictObject({ hours: z.array(hour).optional(), minutes: z.array(minute).optional() })
        .prefault({}),
    }),
  }),
});

/** Parses a trigger's `properties`. @throws DefinitionError naming unknown or unsupported parts */
export function parseTrigger(name: string, properties: unknown): Trigger {
  const parsed = checked(schema, properties, `trigger '${name}'`);
  const { schedule, ...recurrence } = parsed.typeProperties.recurrence;
  return {
    name,
    pipelines: parsed.pipelines,
    recurrence: {
      ...recurrence,
      endTime: recurrence.endTime,
      hours: schedule.hours,
      minutes: schedule.minutes,
    },
  };
}
