/** Gives a limited number of turns at once; the others wait, first come first served. */
export interface Turns {
  /** Waits for a turn and returns the function that ends it. @throws the signal's reason if the signal is aborted first. */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createTurns(atOnce: number): Turns {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  const give = () => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  };
  return {
    async take(signal) {
      signal.throwIfAborted();
      if (free > 0) free--;
      else {
        await new Promise<void>((resolve, reject) => {
          const abort = () => {
            waiting.splice(waiting.indexOf(next), 1);
            reject(signal.reason as Error);
          };
          const next = () => {
            signal.removeEventListener("abort", abort);
            resolve();
          };
          waiting.push(next);
          signal.addEventListener("abort", abort, { once: true });
        });
      }
      return give;
    },
  };
}
