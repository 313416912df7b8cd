import { retry as withRetry } from "../../packages/kit/retry";

export interface RetryOptions {
  readonly attempts: number;
  readonly pauseMs: number;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** True if another attempt may help. */
  readonly when: (error: unknown) => boolean;
}

/** Runs until success, a final failure or the last attempt; a failure throws the last error. */
export function retry<T>(
  run: () => Promise<T>,
  { attempts, pauseMs, pause, when }: RetryOptions,
): Promise<T> {
  return withRetry(run, {
    sleep: pause,
    pauseAfter: (error, attempt) => (attempt < attempts && when(error) ? pauseMs : undefined),
  });
}
