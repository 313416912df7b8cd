import { InvalidArgumentError } from "commander";
import type { Threshold } from "./run-fleet";
import type { TagCondition } from "./select-tenants";

/** Parses `a,b`. */
export function parseList(text: string): string[] {
  const items = text.split(",").filter((item) => item !== "");
  if (items.length === 0) throw new InvalidArgumentError("Expects names, separated by commas.");
  return items;
}

/** Parses `ring=canary`, or `ring!=canary` for tenants with any other value or none. A repeated flag adds a condition. */
export function parseTag(text: string, before: readonly TagCondition[] = []): TagCondition[] {
  const [, key, sign, value] = /^([^=]+?)(!?=)(.*)$/.exec(text) ?? [];
  if (key === undefined || value === undefined)
    throw new InvalidArgumentError("Expects <tag>=<value> or <tag>!=<value>, for instance ring=canary.");
  return [...before, { key, value, isNot: sign === "!=" }];
}

export function parseWhole(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1)
    throw new InvalidArgumentError("It must be a whole number, 1 or more.");
  return value;
}

const units = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A timer longer than 2^31 ms fires at once. */
const LONGEST_MS = 500 * units.h;

/** Parses `90s`, `30m` or `2h` into milliseconds. */
export function parseDuration(text: string): number {
  const [, number, unit] = /^(\d+)([smh])$/.exec(text) ?? [];
  if (number === undefined || unit === undefined)
    throw new InvalidArgumentError("Expects a time such as 90s, 30m or 2h.");
  const milliseconds = Number(number) * units[unit as keyof typeof units];
  if (milliseconds > LONGEST_MS) throw new InvalidArgumentError("Expects at most 500h.");
  return milliseconds;
}

/** Parses `2` or `10%`. */
export function parseThreshold(text: string): Threshold {
  const [, number, percent] = /^(\d+)(%?)$/.exec(text) ?? [];
  if (number === undefined)
    throw new InvalidArgumentError("Expects a number of tenants or a percentage, such as 2 or 10%.");
  return { most: Number(number), isPercent: percent === "%" };
}
