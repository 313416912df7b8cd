import { IANAZone } from "luxon";
import { findIana } from "windows-iana";
import { ExpressionError } from "../expression-error";
import { addTicks, type DateTime, TICKS_PER_MINUTE, wallMilliseconds } from "./date-time";

/** Finds a time zone by its Windows id (in any case) or IANA name. @throws ExpressionError if there is none */
export function timeZone(id: string): IANAZone {
  const [iana] = findIana(windowsId(id));
  const zone = IANAZone.create(iana ?? id);
  if (!zone.isValid) throw new ExpressionError(`the time zone id '${id}' is not valid.`);
  return zone;
}

/** Converts an instant in UTC to the wall clock of `zone`. */
export function fromUtc(value: DateTime, zone: IANAZone): DateTime {
  const offset = zone.offset(wallMilliseconds(value));
  return { ...addTicks(value, BigInt(Math.round(offset)) * TICKS_PER_MINUTE), kind: "unspecified" };
}

/** Converts the wall clock of `zone` to UTC. @throws ExpressionError for a time that a clock change skips or repeats */
export function toUtc(value: DateTime, zone: IANAZone): DateTime {
  const wall = wallMilliseconds(value);
  const day = 86_400_000;
  const offsets = new Set([zone.offset(wall - day), zone.offset(wall + day)]);
  const fitting = [...offsets].filter((offset) => zone.offset(wall - offset * 60_000) === offset);
  const [offset] = fitting;
  if (offset === undefined || fitting.length > 1) {
    throw new ExpressionError(
      `the local time does not exist, or exists twice, in the time zone '${zone.name}'.`,
    );
  }
  return { ...addTicks(value, -BigInt(Math.round(offset)) * TICKS_PER_MINUTE), kind: "utc" };
}

/** The Windows id in the list's spelling, in which every word starts with a capital letter. */
function windowsId(id: string): string {
  if (findIana(id).length > 0) return id;
  return id
    .split(" ")
    .map((word) =>
      word.length > 3 ? word.charAt(0).toUpperCase() + word.slice(1).toLowerCase() : word.toUpperCase(),
    )
    .join(" ");
}
