import type { StopRequest } from "./run";

/** One Ctrl-C arrives up to three times: from the terminal, from npm and from the bootstrap, which both pass it on. */
const ECHO_MS = 500;

/**
 * The first signal asks to stop soon, the next one now. Returns the function that ends the listening.
 * A pipeline that is cancelled sends SIGINT and, seconds later, SIGTERM: there that is an echo too, since ending at once is what the
 * runner does itself when it waits no longer, and until then Pulumi may get done.
 */
export function stopAtSignals(stop: StopRequest, tell: (line: string) => void): () => void {
  let first: number | undefined;
  const isPipeline = Boolean(process.env.CI || process.env.TF_BUILD);
  const onSignal = (name: NodeJS.Signals) => {
    if (first === undefined) {
      first = performance.now();
      tell("Stopping: Pulumi finishes what it is at, nothing more is begun. Once more: at once.");
      stop.stop("soon");
    } else if (
      performance.now() - first > ECHO_MS &&
      stop.how !== "now" &&
      !(isPipeline && name === "SIGTERM")
    ) {
      tell("Stopping at once.");
      stop.stop("now");
    }
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, onSignal);
  return () => {
    for (const name of signals) process.off(name, onSignal);
  };
}
