import { setImmediate as nextTurn } from "node:timers/promises";

const event = "unhandledRejection";
let running = 0;
let before: readonly NodeJS.UnhandledRejectionListener[] = [];

/**
 * Runs a Pulumi program and removes the process-wide listeners that it leaves behind. After a failed run the SDK does not
 * remove its listener, which would swallow the unhandled rejections of everything else in this process.
 */
export async function withoutStrayListeners<T>(work: () => Promise<T>): Promise<T> {
  if (running === 0) before = process.listeners(event);
  running += 1;
  try {
    return await work();
  } finally {
    // Node reports rejections of the run in the turn after it.
    await nextTurn();
    running -= 1;
    if (running === 0) {
      for (const left of process.listeners(event)) if (!before.includes(left)) process.off(event, left);
    }
  }
}

/** Fails the work on an unhandled rejection, as Pulumi's own host does: errors thrown in an `apply` surface only there. */
export async function failOnStrayRejection<T>(work: () => Promise<T>): Promise<T> {
  let caught: (error: unknown) => void = () => {};
  const stray = new Promise<never>((_, reject) => {
    caught = reject;
  });
  process.on(event, caught);
  try {
    return await Promise.race([work(), stray]);
  } finally {
    await nextTurn();
    process.off(event, caught);
  }
}
