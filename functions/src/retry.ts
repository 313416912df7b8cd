import { transienceOf } from "../../database/transience";
import { retry } from "../../packages/kit/retry";

/** Attempts at a passing error. */
const PASSING_ATTEMPTS = 4;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

export interface RetryOptions {
  /** No attempt starts later than this, on the scale of `now`. */
  readonly deadline: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly onRetry: (error: unknown, attempt: number) => void;
}

/** Runs the work until it succeeds, fails for good, or time is up; then throws the last error. The work must be repeatable. */
export function withRetry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  return retry(work, {
    sleep: options.sleep,
    pauseAfter(error, attempt) {
      const transience = transienceOf(error);
      const wait = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
      const giveUp =
        transience === "lasting" ||
        (transience === "passing" && attempt >= PASSING_ATTEMPTS) ||
        options.now() + wait >= options.deadline;
      if (giveUp) return undefined;
      options.onRetry(error, attempt);
      return wait;
    },
  });
}
