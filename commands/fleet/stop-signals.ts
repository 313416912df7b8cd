import type { StopRequest } from "./run";

/** One Ctrl-C arrives up to three times: from the terminal, and from npm and the bootstrap, which both pass it on. */
const ECHO_MS = 500;

/**
 * The first signal asks to stop soon, the next one now. Returns a function that ends the listening.
 * A cancelled pipeline sends SIGINT and, seconds later, SIGTERM. There SIGTERM counts as an echo too: the pipeline's runner itself kills
 * the process when it stops waiting, and until then Pulumi may finish.
 */
export function stopAtSignals(stop: StopRequest, print: (line: string) => void): () => void {
  let first: number | undefined;
  const isPipeline = Boolean(process.env.CI || process.env.TF_BUILD);
  const onSignal = (name: NodeJS.Signals) => {
    if (first === undefined) {
      first = performance.now();
      print(
        "Stopping: Pulumi finishes its current work, and nothing more is started. Press Ctrl-C again to stop at once.",
      );
      stop.stop("soon");
    } else if (
      performance.now() - first > ECHO_MS &&
      stop.how !== "now" &&
      !(isPipeline && name === "SIGTERM")
    ) {
      print("Stopping at once.");
      stop.stop("now");
    }
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, onSignal);
  return () => {
    for (const name of signals) process.off(name, onSignal);
  };
}
