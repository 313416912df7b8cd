import type { Recurrence } from "../model/trigger";
import { nextOccurrence } from "./next-occurrence";

/** Timers reach 24.8 days; far occurrences are looked at again each day. */
const LONGEST_TIMER_MS = 24 * 60 * 60_000;

/** Fires started triggers. Its timers do not keep the process alive. */
export class TriggerClock {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  /** Fires `run` at every occurrence after `now`; a trigger that was armed before is armed anew. */
  arm(id: string, recurrence: Recurrence, run: () => void, now = new Date()): void {
    this.disarm(id);
    const next = nextOccurrence(recurrence, now);
    if (next === undefined) return;
    const wait = next.getTime() - now.getTime();
    const timer = setTimeout(
      () => {
        if (wait <= LONGEST_TIMER_MS) run();
        this.arm(id, recurrence, run);
      },
      Math.min(wait, LONGEST_TIMER_MS),
    );
    timer.unref();
    this.timers.set(id.toLowerCase(), timer);
  }

  disarm(id: string): void {
    clearTimeout(this.timers.get(id.toLowerCase()));
    this.timers.delete(id.toLowerCase());
  }

  disarmAll(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
