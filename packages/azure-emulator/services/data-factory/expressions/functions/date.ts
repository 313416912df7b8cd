import {
  addMonths,
  addTicks,
  type DateTime,
  fields,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
  utcNow,
} from "../date-time/date-time";
import { formatDateTime } from "../date-time/format";
import { parseDateTime } from "../date-time/parse";
import { fromUtc, timeZone, toUtc } from "../date-time/time-zone";
import { ExpressionError } from "../expression-error";
import type { Value } from "../value";
import { int32At, integerAt, stringAt } from "./arguments";
import { type ExpressionFunction, eager } from "./function";

/** The twenty date functions. The default format is "o"; time units are singular, in any case. */
export const dateFunctions: readonly ExpressionFunction[] = [
  adder("addDays", TICKS_PER_DAY),
  adder("addHours", TICKS_PER_HOUR),
  adder("addMinutes", TICKS_PER_MINUTE),
  adder("addSeconds", TICKS_PER_SECOND),
  eager("addToTime", 3, 4, (args) => shifted("addToTime", args, 1)),
  eager("subtractFromTime", 3, 4, (args) => shifted("subtractFromTime", args, -1)),
  eager("getFutureTime", 2, 3, (args) => relative("getFutureTime", args, 1)),
  eager("getPastTime", 2, 3, (args) => relative("getPastTime", args, -1)),
  eager("convertFromUtc", 2, 3, (args) => {
    const value = dateAt("convertFromUtc", args, 0);
    if (value.kind !== "utc")
      throw new ExpressionError("'convertFromUtc' expects a timestamp in UTC (with Z).");
    return formatted(
      "convertFromUtc",
      fromUtc(value, timeZone(stringAt("convertFromUtc", args, 1))),
      args,
      2,
    );
  }),
  eager("convertToUtc", 2, 3, (args) => {
    const value = dateAt("convertToUtc", args, 0);
    if (value.kind !== "unspecified") {
      throw new ExpressionError("'convertToUtc' expects a timestamp without Z or offset.");
    }
    return formatted("convertToUtc", toUtc(value, timeZone(stringAt("convertToUtc", args, 1))), args, 2);
  }),
  eager("convertTimeZone", 3, 4, (args) => {
    const value = dateAt("convertTimeZone", args, 0);
    const source = timeZone(stringAt("convertTimeZone", args, 1));
    const destination = timeZone(stringAt("convertTimeZone", args, 2));
    const instant = value.kind === "unspecified" ? toUtc(value, source) : value;
    return formatted("convertTimeZone", fromUtc(instant, destination), args, 3);
  }),
  part("dayOfMonth", (value) => fields(value).day),
  part("dayOfWeek", (value) => fields(value).weekday),
  part("dayOfYear", (value) => fields(value).dayOfYear),
  eager("formatDateTime", 1, 3, (args) => {
    const value = dateAt("formatDateTime", args, 0);
    const locale = args.length < 3 ? "en-US" : stringAt("formatDateTime", args, 2);
    return formatted("formatDateTime", value, args, 1, locale);
  }),
  start("startOfDay", (value) => addTicks(value, -(value.ticks % TICKS_PER_DAY))),
  start("startOfHour", (value) => addTicks(value, -(value.ticks % TICKS_PER_HOUR))),
  start("startOfMonth", (value) =>
    addTicks(value, -(value.ticks % TICKS_PER_DAY) - BigInt(fields(value).day - 1) * TICKS_PER_DAY),
  ),
  eager("ticks", 1, 1, (args) => dateAt("ticks", args, 0).ticks),
  eager("utcNow", 0, 1, (args) => formatted("utcNow", utcNow(), args, 0)),
];

function adder(name: string, unit: bigint): ExpressionFunction {
  return eager(name, 2, 3, (args) =>
    formatted(name, addTicks(dateAt(name, args, 0), integerAt(name, args, 1) * unit), args, 2),
  );
}

function part(name: string, of: (value: DateTime) => number): ExpressionFunction {
  return eager(name, 1, 1, (args) => BigInt(of(dateAt(name, args, 0))));
}

function start(name: string, of: (value: DateTime) => DateTime): ExpressionFunction {
  return eager(name, 1, 2, (args) => formatted(name, of(dateAt(name, args, 0)), args, 1));
}

function shifted(name: string, args: readonly Value[], sign: 1 | -1): string {
  const value = shift(dateAt(name, args, 0), sign * int32At(name, args, 1), stringAt(name, args, 2));
  return formatted(name, value, args, 3);
}

function relative(name: string, args: readonly Value[], sign: 1 | -1): string {
  const value = shift(utcNow(), sign * int32At(name, args, 0), stringAt(name, args, 1));
  return formatted(name, value, args, 2);
}

function shift(value: DateTime, count: number, unit: string): DateTime {
  switch (unit.toLowerCase()) {
    case "second":
      return addTicks(value, BigInt(count) * TICKS_PER_SECOND);
    case "minute":
      return addTicks(value, BigInt(count) * TICKS_PER_MINUTE);
    case "hour":
      return addTicks(value, BigInt(count) * TICKS_PER_HOUR);
    case "day":
      return addTicks(value, BigInt(count) * TICKS_PER_DAY);
    case "week":
      return addTicks(value, BigInt(count) * 7n * TICKS_PER_DAY);
    case "month":
      return addMonths(value, count);
    case "year":
      return addMonths(value, count * 12);
    default:
      throw new ExpressionError(
        `the time unit '${unit}' is not one of Second, Minute, Hour, Day, Week, Month, Year.`,
      );
  }
}

function dateAt(name: string, args: readonly Value[], index: number): DateTime {
  return parseDateTime(stringAt(name, args, index));
}

/** Formats with the format in the argument at `index`, else with "o". */
function formatted(
  name: string,
  value: DateTime,
  args: readonly Value[],
  index: number,
  locale?: string,
): string {
  return formatDateTime(value, args.length > index ? stringAt(name, args, index) : "o", locale);
}
