import type { IANAZone } from "luxon";
import { timeZone } from "../expressions/date-time/time-zone";
import type { Recurrence } from "../model/trigger";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The next time after `now` at which a recurrence fires; undefined if it has ended. */
export function nextOccurrence(recurrence: Recurrence, now: Date): Date | undefined {
  const next = recurrence.frequency === "Day" ? nextDaily(recurrence, now) : nextByInterval(recurrence, now);
  return recurrence.endTime !== undefined && next > recurrence.endTime ? undefined : next;
}

function nextByInterval({ frequency, interval, startTime }: Recurrence, now: Date): Date {
  const step = interval * (frequency === "Hour" ? 60 * MINUTE : MINUTE);
  const passed = Math.floor((now.getTime() - startTime.getTime()) / step) + 1;
  return new Date(startTime.getTime() + Math.max(passed, 0) * step);
}

/** Every `interval` days on the wall clock, at the schedule's hours and minutes, else at those of the start. */
function nextDaily(recurrence: Recurrence, now: Date): Date {
  const zone = timeZone(recurrence.timeZone);
  const start = wallClock(recurrence.startTime.getTime(), zone);
  const hours = recurrence.hours ?? [start.getUTCHours()];
  const minutes = recurrence.minutes ?? [start.getUTCMinutes()];
  const times = hours
    .flatMap((hour) => minutes.map((minute) => (hour * 60 + minute) * MINUTE))
    .sort((a, b) => a - b);
  const firstDay = Math.floor(start.getTime() / DAY);
  const today = Math.floor(wallClock(now.getTime(), zone).getTime() / DAY);
  // Start with the last day of the recurrence that is not after today.
  const passed = Math.floor((today - firstDay) / recurrence.interval);
  for (let day = firstDay + Math.max(passed, 0) * recurrence.interval; ; day += recurrence.interval) {
    for (const time of times) {
      const wall = day * DAY + time;
      const instant = wall - zone.offset(wall - zone.offset(wall) * MINUTE) * MINUTE;
      if (instant > now.getTime() && instant >= recurrence.startTime.getTime()) return new Date(instant);
    }
  }
}

/** A date whose UTC fields are the wall clock's. */
function wallClock(instant: number, zone: IANAZone): Date {
  return new Date(instant + zone.offset(instant) * MINUTE);
}
