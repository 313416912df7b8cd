import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What Ctrl-C, SIGTERM and a hang-up of the terminal do to this process. */
export interface SignalWatch {
  /** Resolves at the next signal, which then only asks for an orderly end. */
  untilSignal(): Promise<void>;
  /** Signals end the process at once again. */
  release(): void;
}

/**
 * From here on a signal runs `stop` and then ends the process with the shell's code for it; a second one ends it at once.
 * Left alone, Node would end before any `finally`, and PostgreSQL, in a process group of its own, would stay behind.
 */
export function watchSignals(stop: () => Promise<void>): SignalWatch {
  let asked: (() => void) | undefined;
  let ending = false;
  const onSignal = (signal: NodeJS.Signals) => {
    const end = () => process.exit(128 + (constants.signals[signal] ?? 0));
    if (ending) return end();
    ending = true;
    if (asked !== undefined) return asked();
    process.stderr.write(`Stopping at ${signal} …\n`);
    stop().then(end, (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      end();
    });
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    untilSignal: () =>
      new Promise((resolve) => {
        asked = resolve;
      }),
    release() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
