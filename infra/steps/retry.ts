import { retry as withRetry } from "../../packages/kit/retry";

export interface RetryOptions {
  readonly attempts: number;
  readonly pauseMs: number;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Whether another attempt may help. */
  readonly when: (error: unknown) => boolean;
}

/** Runs until it succeeds, fails for good, or has used up its attempts; then throws the last error. */
export function retry<T>(
  run: () => Promise<T>,
  { attempts, pauseMs, pause, when }: RetryOptions,
): Promise<T> {
  return withRetry(run, {
    sleep: pause,
    pauseAfter: (error, attempt) => (attempt < attempts && when(error) ? pauseMs : undefined),
  });
}
