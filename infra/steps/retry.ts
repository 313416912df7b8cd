export interface RetryOptions {
  readonly attempts: number;
  readonly pauseMs: number;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Whether another attempt may help. */
  readonly when: (error: unknown) => boolean;
}

/** Runs until it succeeds, fails for good, or has used up its attempts; then throws the last error. */
export async function retry<T>(run: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= options.attempts || !options.when(error)) throw error;
      await options.pause(options.pauseMs);
    }
  }
}
