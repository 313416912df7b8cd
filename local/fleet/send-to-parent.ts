/** Messages on their way. */
const unsent = new Set<Promise<void>>();

/** Sends a message to the process that started this one. If it no longer listens, that does not matter. */
export function sendToParent(message: object): void {
  if (!process.connected) return;
  const sent = new Promise<void>((resolve) => {
    process.send?.(message, undefined, undefined, () => resolve());
  });
  unsent.add(sent);
  void sent.then(() => unsent.delete(sent));
}

/** Ends the connection once every message has gone: a large one takes a while, and `process.disconnect` would drop it. */
export async function leaveParent(): Promise<void> {
  await Promise.all(unsent);
  if (process.connected) process.disconnect();
}
