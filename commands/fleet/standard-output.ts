/**
 * Lets a run continue without a reader, such as after `| head` or when its terminal closes. It keeps its exit code; only its output is
 * lost.
 */
export function ignoreBrokenPipe(...streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams) stream.on("error", () => {});
}
