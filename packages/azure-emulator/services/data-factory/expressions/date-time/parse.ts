import { ExpressionError } from "../expression-error";
import {
  addTicks,
  type DateTime,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
  ticksOf,
  utcNow,
} from "./date-time";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const clock = String.raw`(?<hour>\d{1,2}):(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:\.(?<fraction>\d+))?)?(?:\s*(?<half>[AaPp][Mm]))?`;
const zone = String.raw`(?:\s*(?<zone>[Zz]|GMT|[-+]\d{1,2}(?::?\d{2})?))?`;
const dates = [
  String.raw`(?<year>\d{4})[-/](?<month>\d{1,2})(?:[-/](?<day>\d{1,2}))?`,
  String.raw`(?<month>\d{1,2})[-/](?<day>\d{1,2})[-/](?<year>\d{4})`,
  String.raw`(?:[A-Za-z]{3,9},?\s+)?(?<name>[A-Za-z]{3,9})\.?\s+(?<day>\d{1,2}),?\s+(?<year>\d{4})`,
  String.raw`(?:[A-Za-z]{3,9},?\s+)?(?<day>\d{1,2})[\s-](?<name>[A-Za-z]{3,9})[\s-](?<year>\d{4})`,
];
const patterns = [
  ...dates.map((date) => new RegExp(String.raw`^\s*${date}(?:(?:[Tt]|\s+)${clock}${zone})?\s*$`)),
  new RegExp(String.raw`^\s*${clock}${zone}\s*$`),
];

/**
 * Parses a timestamp: ISO 8601 (extended, calendar dates), US order, or with a month's name. A time alone is today's.
 * A timestamp with an offset is converted to UTC. Fractions of a second are rounded to seven digits.
 * @throws ExpressionError if the text has none of these forms, or the day or time does not exist
 */
export function parseDateTime(text: string): DateTime {
  for (const pattern of patterns) {
    const groups = pattern.exec(text)?.groups;
    if (groups !== undefined) return build(text, groups);
  }
  throw invalid(text);
}

function build(text: string, groups: Record<string, string | undefined>): DateTime {
  const day = groups.year === undefined ? today() : dayTicks(text, groups);
  const clockTicks = groups.hour === undefined ? 0n : timeTicks(text, groups);
  const wall: DateTime = { ticks: day + clockTicks, kind: "unspecified" };
  if (groups.zone === undefined) return wall;
  if (/^(z|gmt)$/i.test(groups.zone)) return { ...wall, kind: "utc" };
  const [, sign, hours = "0", minutes = "0"] = /^([-+])(\d{1,2}):?(\d{2})?$/.exec(groups.zone) ?? [];
  const offset = BigInt(Number(hours) * 60 + Number(minutes)) * TICKS_PER_MINUTE;
  if (offset > 14n * TICKS_PER_HOUR) throw invalid(text);
  return { ...addTicks(wall, sign === "-" ? offset : -offset), kind: "local" };
}

function dayTicks(text: string, groups: Record<string, string | undefined>): bigint {
  const name = groups.name?.slice(0, 3).toLowerCase();
  const month = name === undefined ? Number(groups.month) : months.indexOf(name) + 1;
  try {
    return ticksOf(Number(groups.year), month, Number(groups.day ?? 1));
  } catch {
    throw invalid(text);
  }
}

function timeTicks(text: string, groups: Record<string, string | undefined>): bigint {
  const half = groups.half?.toLowerCase();
  const given = Number(groups.hour);
  const hour = half === undefined ? given : (given % 12) + (half === "pm" ? 12 : 0);
  const [minute, second] = [Number(groups.minute), Number(groups.second ?? 0)];
  if (given > (half === undefined ? 23 : 12) || minute > 59 || second > 59) throw invalid(text);
  const fraction = BigInt(Math.round(Number(`0.${groups.fraction ?? "0"}`) * 1e7));
  return (
    BigInt(hour) * TICKS_PER_HOUR +
    BigInt(minute) * TICKS_PER_MINUTE +
    BigInt(second) * TICKS_PER_SECOND +
    fraction
  );
}

function today(): bigint {
  const { ticks } = utcNow();
  return ticks - (ticks % TICKS_PER_DAY);
}

function invalid(text: string): ExpressionError {
  return new ExpressionError(`the timestamp '${text}' is not valid; it must match ISO 8601.`);
}
