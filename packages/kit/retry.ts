import { setTimeout as delay } from "node:timers/promises";

export interface RetryPolicy {
  /**
   * Decides after a failed attempt, counted from 1.
   * @returns the pause before the next one in ms; undefined to throw the error.
   */
  pauseAfter(error: unknown, attempt: number): number | undefined | Promise<number | undefined>;
  readonly sleep?: ((milliseconds: number) => Promise<unknown>) | undefined;
}

/** Runs work, which must be repeatable, until it succeeds or its policy stops; then throws the last error. */
export async function retry<T>(
  work: () => Promise<T>,
  { pauseAfter, sleep = delay }: RetryPolicy,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const pause = await pauseAfter(error, attempt);
      if (pause === undefined) throw error;
      await sleep(pause);
    }
  }
}
