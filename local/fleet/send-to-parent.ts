/** Sends a message to the process that started this one. If it no longer listens, that does not matter. */
export function sendToParent(message: object): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
