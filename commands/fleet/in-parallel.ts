/**
 * Runs the work for each item, in order, with at most `atATime` at once.
 * An error does not end the other work; it is thrown when everything is done.
 * @param isStopped Checked before each item: nothing more is started once it returns true.
 */
export async function inParallel<T>(
  items: readonly T[],
  atATime: number,
  isStopped: () => boolean,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined && !isStopped(); item = waiting.shift()) {
      await work(item);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(atATime, items.length) }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
