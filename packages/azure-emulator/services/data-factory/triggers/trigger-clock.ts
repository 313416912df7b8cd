import type { Recurrence } from "../model/trigger";
import { nextOccurrence } from "./next-occurrence";

/** A Node timer is limited to 24.8 days, so a later occurrence is recomputed every day. */
const MAX_TIMER_MS = 24 * 60 * 60_000;

/** Fires started triggers. Its timers do not keep the process alive. */
export class TriggerClock {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  /** Calls `run` at every occurrence after `now`. Arming a trigger again replaces its timer. */
  arm(id: string, recurrence: Recurrence, run: () => void, now = new Date()): void {
    this.disarm(id);
    const next = nextOccurrence(recurrence, now);
    if (next === undefined) return;
    const wait = next.getTime() - now.getTime();
    const timer = setTimeout(
      () => {
        if (wait <= MAX_TIMER_MS) run();
        this.arm(id, recurrence, run);
      },
      Math.min(wait, MAX_TIMER_MS),
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
