/** How a failed attempt may be repeated. */
export type Transience =
  /** The database is waking up or being moved: worth waiting for as long as the caller can. */
  | "waking"
  /** A connection broke, a deadlock, a busy moment: worth a few attempts. */
  | "passing"
  | "lasting";

/** Error numbers of a database that is resumed, moved or scaled (Microsoft: "Troubleshoot transient connection errors"). */
const WAKING = new Set([40613, 40197, 40143, 40540, 49918, 49919, 49920]);
/** Deadlock, snapshot conflict, throttling, and connections cut by the gateway. */
const PASSING = new Set([
  1205, 3960, 4060, 4221, 10928, 10929, 10053, 10054, 10060, 40501, 64, 121, 233, 615,
]);
/** Codes that mssql and tedious give to connections that could not be made or were lost. */
const CONNECTION_CODES = new Set([
  "ESOCKET",
  "ETIMEOUT",
  "ECONNCLOSED",
  "ENOTOPEN",
  "ECONNRESET",
  "EINSTLOOKUP",
]);

/** Attempts at what is passing. */
const PASSING_ATTEMPTS = 4;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

interface DriverError {
  readonly message?: string;
  readonly code?: string;
  readonly number?: number;
  readonly isTransient?: boolean;
  readonly originalError?: DriverError;
}

/** Judges an error of `mssql`. */
export function transienceOf(error: unknown): Transience {
  if (typeof error !== "object" || error === null) return "lasting";
  const { message = "", code = "", number, isTransient, originalError } = error as DriverError;
  // A login that fails carries no error number, so the text of 40613 has to do.
  if (WAKING.has(number ?? 0) || /is not currently available/i.test(message)) return "waking";
  // A certificate that is not trusted today will not be tomorrow.
  if (/certificate|self[- ]signed/i.test(message)) return "lasting";
  if (PASSING.has(number ?? 0) || CONNECTION_CODES.has(code) || isTransient === true) return "passing";
  return originalError === undefined ? "lasting" : transienceOf(originalError);
}

export interface RetryOptions {
  /** No attempt starts later than this, on the scale of `now`. */
  readonly deadline: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly onRetry: (error: unknown, attempt: number) => void;
}

/** Runs work until it succeeds, fails for good, or time is up; throws the last error. The work must be repeatable. */
export async function withRetry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const transience = transienceOf(error);
      const wait = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
      const giveUp =
        transience === "lasting" ||
        (transience === "passing" && attempt >= PASSING_ATTEMPTS) ||
        options.now() + wait >= options.deadline;
      if (giveUp) throw error;
      options.onRetry(error, attempt);
      await options.sleep(wait);
    }
  }
}
