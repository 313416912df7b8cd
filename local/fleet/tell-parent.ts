/** Tells the process that started this one; where nobody listens any more it does not matter. */
export function tellParent(message: object): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
