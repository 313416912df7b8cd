/** The number of pings within the limit; if none of them is answered, the process is silent. */
const PINGS = 10;

/** Checks that a process still answers. */
export interface WorkerWatch {
  /** Call when the process has sent anything. */
  answered(): void;
  stop(): void;
}

/**
 * Pings a process again and again, and calls `onSilent` if it has not answered for `limitMs`: it is in an endless loop, which
 * the process itself cannot end. Pings are counted instead of time, so that no process is killed because the machine slept.
 */
export function watchWorker(limitMs: number, ping: () => void, onSilent: () => void): WorkerWatch {
  let unanswered = 0;
  const timer = setInterval(() => {
    if (unanswered < PINGS) {
      unanswered++;
      ping();
      return;
    }
    clearInterval(timer);
    onSilent();
  }, limitMs / PINGS);
  timer.unref();
  return {
    answered() {
      unanswered = 0;
    },
    stop: () => clearInterval(timer),
  };
}
