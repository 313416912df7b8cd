import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** One Ctrl-C arrives up to three times: from the terminal, and from npm and the bootstrap, which both forward it. */
const ECHO_MS = 500;

/** Controls how this process reacts to Ctrl-C, SIGTERM and a closed terminal. */
export interface SignalWatch {
  /** A signal waits for this work to finish before it stops anything. */
  finishing<T>(work: Promise<T>): Promise<T>;
  /** Resolves at the next signal, which then leaves the orderly end to the caller. */
  untilSignal(): Promise<void>;
  /** From now on signals end the process at once again. */
  release(): void;
}

/**
 * From here on a signal runs `stop` and then ends the process with the shell's exit code for it; a second one ends it at once.
 * By default Node would end before any `finally`, and leave PostgreSQL, which has its own process group, running.
 */
export function watchSignals(stop: () => Promise<void>): SignalWatch {
  const unfinished = new Set<Promise<unknown>>();
  let asked: (() => void) | undefined;
  let first: number | undefined;

  const end = (signal: NodeJS.Signals) => process.exit(128 + (constants.signals[signal] ?? 0));
  const stopAndEnd = async (signal: NodeJS.Signals) => {
    process.stderr.write(`Stopping at ${signal} …\n`);
    await Promise.allSettled(unfinished);
    await stop().catch((error: Error) => process.stderr.write(`${error.message}\n`));
    end(signal);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    if (first !== undefined) {
      if (performance.now() - first > ECHO_MS) end(signal);
      return;
    }
    first = performance.now();
    if (asked === undefined) void stopAndEnd(signal);
    else {
      process.stderr.write("Stopping …\n");
      asked();
    }
  };
  for (const signal of signals) process.on(signal, onSignal);

  return {
    async finishing(work) {
      unfinished.add(work);
      try {
        return await work;
      } finally {
        unfinished.delete(work);
      }
    },
    untilSignal: () =>
      new Promise((resolve) => {
        asked = resolve;
      }),
    release() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
