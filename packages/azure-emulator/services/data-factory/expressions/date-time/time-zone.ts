import { IANAZone } from "luxon";
import { findIana } from "windows-iana";
import { ExpressionError } from "../expression-error";
import { addTicks, type DateTime, TICKS_PER_MINUTE, wallMilliseconds } from "./date-time";

/** A time zone by its Windows id (any case) or IANA name. @throws ExpressionError where there is none. */
export function timeZone(id: string): IANAZone {
  const [iana] = findIana(windowsId(id));
  const zone = IANAZone.create(iana ?? id);
  if (!zone.isValid) throw new ExpressionError(`the time zone id '${id}' is not valid.`);
  return zone;
}

/** The wall clock in `zone` at an instant given in UTC. */
export function fromUtc(value: DateTime, zone: IANAZone): DateTime {
  const offset = zone.offset(wallMilliseconds(value));
  return { ...addTicks(value, BigInt(Math.round(offset)) * TICKS_PER_MINUTE), kind: "unspecified" };
}

/** The instant of a wall clock in `zone`. @throws ExpressionError for a time that was skipped or came twice. */
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

/** Windows ids are listed in their own spelling; every word of them starts with a capital. */
function windowsId(id: string): string {
  if (findIana(id).length > 0) return id;
  return id
    .split(" ")
    .map((word) =>
      word.length > 3 ? word.charAt(0).toUpperCase() + word.slice(1).toLowerCase() : word.toUpperCase(),
    )
    .join(" ");
}
