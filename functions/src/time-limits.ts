/** How long a page may take, in milliseconds from its start. */
export interface TimeLimits {
  /** A page that holds rows ends here. */
  readonly soft: number;
  /** A page without rows fails here. */
  readonly hard: number;
}

/** Ends a stalled read: at the soft limit where there are rows to send, at the hard one in any case. */
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
