/** How long a page may take, in milliseconds from its start. */
export interface TimeLimits {
  /** When a page with rows ends. */
  readonly soft: number;
  /** When a page without rows fails. */
  readonly hard: number;
}

/** Ends a stalled read: at the soft limit if there are rows to send, otherwise at the hard limit. */
export function stopWhenLate(
  limits: TimeLimits,
  hasRows: () => boolean,
): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const soft = setTimeout(() => hasRows() && controller.abort(), limits.soft);
  const hard = setTimeout(() => controller.abort(), limits.hard);
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(soft);
      clearTimeout(hard);
    },
  };
}
