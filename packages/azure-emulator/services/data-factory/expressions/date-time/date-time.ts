import { ExpressionError } from "../expression-error";

/**
 * A .NET DateTime: ticks of 100 ns since 0001-01-01 on the wall clock, and the kind of clock. `local` is a timestamp that
 * had an offset: the engine converts it to the machine's time zone, which is UTC in Data Factory.
 */
export interface DateTime {
  readonly ticks: bigint;
  readonly kind: "utc" | "unspecified" | "local";
}

export const TICKS_PER_MILLISECOND = 10_000n;
export const TICKS_PER_SECOND = 10_000_000n;
export const TICKS_PER_MINUTE = 60n * TICKS_PER_SECOND;
export const TICKS_PER_HOUR = 60n * TICKS_PER_MINUTE;
export const TICKS_PER_DAY = 24n * TICKS_PER_HOUR;
/** Ticks at 1970-01-01. */
const UNIX_EPOCH = 621_355_968_000_000_000n;
const MAX_TICKS = 3_155_378_975_999_999_999n;

export interface Fields {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 to 9,999,999: hundreds of nanoseconds. */
  readonly fraction: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 1 to 366. */
  readonly dayOfYear: number;
}

export function fields(value: DateTime): Fields {
  const date = asDate(value.ticks);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    fraction: Number(value.ticks % TICKS_PER_SECOND),
    weekday: date.getUTCDay(),
    dayOfYear: Number((value.ticks - ticksOf(date.getUTCFullYear(), 1, 1)) / TICKS_PER_DAY) + 1,
  };
}

/** Ticks of a date at midnight. @throws ExpressionError if the date does not exist */
export function ticksOf(year: number, month: number, day: number): bigint {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!exists || year < 1 || year > 9999) throw new ExpressionError("the date does not exist.");
  return BigInt(date.getTime()) * TICKS_PER_MILLISECOND + UNIX_EPOCH;
}

export function addTicks(value: DateTime, ticks: bigint): DateTime {
  return { ...value, ticks: inRange(value.ticks + ticks) };
}

/** Adds months. A day that the resulting month does not have becomes its last day. */
export function addMonths(value: DateTime, months: number): DateTime {
  const now = fields(value);
  const index = now.year * 12 + now.month - 1 + months;
  const [year, month] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
  if (year < 1 || year > 9999) throw new ExpressionError("the date is outside the years 1 to 9999.");
  const last = new Date(Date.UTC(2000, 0, 1));
  last.setUTCFullYear(year, month, 0);
  const day = Math.min(now.day, last.getUTCDate());
  return { ...value, ticks: ticksOf(year, month, day) + (value.ticks % TICKS_PER_DAY) };
}

export function utcNow(): DateTime {
  return { ticks: BigInt(Date.now()) * TICKS_PER_MILLISECOND + UNIX_EPOCH, kind: "utc" };
}

/** Milliseconds since 1970 on the wall clock, which is not an instant. */
export function wallMilliseconds(value: DateTime): number {
  return asDate(value.ticks).getTime();
}

function asDate(ticks: bigint): Date {
  return new Date(Number((ticks - UNIX_EPOCH - ((ticks - UNIX_EPOCH) % 10_000n)) / TICKS_PER_MILLISECOND));
}

function inRange(ticks: bigint): bigint {
  if (ticks < 0n || ticks > MAX_TICKS) throw new ExpressionError("the date is outside the years 1 to 9999.");
  return ticks;
}
