/** Questions to a process within the limit; as many without an answer end it. */
const QUESTIONS = 10;

/** Watches whether a process still answers. */
export interface WorkerWatch {
  /** The process gave a sign of life. */
  answered(): void;
  stop(): void;
}

/**
 * Asks a process again and again, and calls `onSilent` where it has answered nothing for `limitMs`: an endless loop, which
 * the process itself cannot end. Questions are counted, not time, so that a machine that was asleep kills nothing.
 */
export function watchWorker(limitMs: number, ask: () => void, onSilent: () => void): WorkerWatch {
  let unanswered = 0;
  const timer = setInterval(() => {
    if (unanswered < QUESTIONS) {
      unanswered++;
      ask();
      return;
    }
    clearInterval(timer);
    onSilent();
  }, limitMs / QUESTIONS);
  timer.unref();
  return {
    answered() {
      unanswered = 0;
    },
    stop: () => clearInterval(timer),
  };
}
