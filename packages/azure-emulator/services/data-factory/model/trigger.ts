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
  /** Of a daily recurrence. */
  readonly hours: readonly number[] | undefined;
  readonly minutes: readonly number[] | undefined;
}

/** A schedule trigger as it was deployed. */
export interface Trigger {
  readonly name: string;
  readonly pipelines: readonly Reference[];
  readonly recurrence: Recurrence;
}

const unsupported = "the emulator fires recurrences of Minute, Hour and Day";
const hour = z.int().min(0).max(23);
const minute = z.int().min(0).max(59);
/** Azure takes times without a zone too and reads them as the recurrence's; here they must say what they are. */
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

/** Parses a trigger's `properties`. @throws DefinitionError naming what is unknown or unsupported. */
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
