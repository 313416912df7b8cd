/**
 * A run goes on without a reader: `| head`, a terminal that is gone. It is watched to its end and keeps its exit code; only what it
 * says is lost.
 */
export function ignoreBrokenPipe(...streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams) stream.on("error", () => {});
}
