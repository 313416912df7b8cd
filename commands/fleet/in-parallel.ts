/**
 * Does the work for each item, so many at a time, in their order.
 * A work that throws ends neither the others nor the watch over them; it is thrown when they are done.
 * @param isStopped asked before each: nothing is begun any more once it says so.
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
