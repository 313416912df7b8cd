import { setImmediate as nextTurn } from "node:timers/promises";

const event = "unhandledRejection";
let running = 0;
let before: readonly NodeJS.UnhandledRejectionListener[] = [];

/**
 * Runs a Pulumi program's work and takes away the process-wide listeners that it leaves. The SDK's own host never removes
 * its listener after a failed run, and would go on swallowing the errors of everything else in this process.
 */
export async function withoutStrayListeners<T>(work: () => Promise<T>): Promise<T> {
  if (running === 0) before = process.listeners(event);
  running += 1;
  try {
    return await work();
  } finally {
    // Rejections that belong to the run are told in the turn after it.
    await nextTurn();
    running -= 1;
    if (running === 0) {
      for (const left of process.listeners(event)) if (!before.includes(left)) process.off(event, left);
    }
  }
}

/** Errors thrown in an `apply` reach nobody else; as in Pulumi's own host they fail the work. */
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
