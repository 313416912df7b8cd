import { setTimeout as delay } from "node:timers/promises";

/**
 * Errors that go away by themselves: a serverless database waking up, a failover, throttling, a deadlock, a cut connection
 * (facts/sql-and-performance.md §4).
 */
const transientNumbers = new Set([
  615, 926, 1205, 3960, 4060, 4221, 10928, 10929, 40197, 40501, 40613, 49918, 49919, 49920,
]);
const transientCodes = new Set([
  "ETIMEOUT",
  "ESOCKET",
  "ECONNRESET",
  "ECONNCLOSED",
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** tedious drops the number of a failed login, so these are known by their text (sys.messages). */
const transientLogins =
  /is not currently available|service is currently busy|has encountered an error processing your request|Cannot open database/i;
const certificateProblem = /certificate|self[- ]signed/i;
const firewallRefusal = /Client with IP address '([^']+)' is not allowed to access the server/i;

interface SqlErrorLike {
  readonly message: string;
  readonly number?: unknown;
  readonly code?: unknown;
  readonly originalError?: unknown;
  readonly cause?: unknown;
}

/** True when trying again may help. */
export function isTransient(error: unknown): boolean {
  return chain(error).some(
    ({ number, code, message }) =>
      (typeof number === "number" && transientNumbers.has(number)) ||
      (typeof code === "string" && transientCodes.has(code) && !certificateProblem.test(message)) ||
      (code === "ELOGIN" && transientLogins.test(message)),
  );
}

/** The address that Azure's SQL firewall turned away (error 40615), or undefined. */
export function refusedAddress(error: unknown): string | undefined {
  for (const { message } of chain(error)) {
    const address = firewallRefusal.exec(message)?.[1];
    if (address !== undefined) return address;
  }
  return undefined;
}

export interface RetryOptions {
  /** Pauses between tries in milliseconds; their count is the count of retries. Default: 5 s doubling to 60 s, five minutes in all. */
  readonly pauses?: readonly number[];
  readonly log?: (line: string) => void;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  /** Decides about an error that is not transient by itself; true = try again. */
  readonly recover?: (error: unknown) => Promise<boolean>;
}

const defaultPauses = [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000];

/** Runs `action` until it succeeds, fails for good, or the pauses are used up; then throws the last error. */
export async function withRetry<T>(
  what: string,
  action: () => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const {
    pauses = defaultPauses,
    log = () => {},
    sleep = (ms) => delay(ms),
    recover = async () => false,
  } = options;
  for (let tries = 0; ; tries++) {
    try {
      return await action();
    } catch (error) {
      const pause = pauses[tries];
      if (pause === undefined || !(isTransient(error) || (await recover(error)))) throw error;
      log(
        `${what}: ${error instanceof Error ? error.message : String(error)} Trying again in ${pause / 1000} s.`,
      );
      await sleep(pause);
    }
  }
}

/** The error and what it wraps, outermost first. */
function chain(error: unknown): SqlErrorLike[] {
  const links: SqlErrorLike[] = [];
  for (let link: unknown = error; link instanceof Error && links.length < 8; ) {
    const next: SqlErrorLike = link;
    links.push(next);
    link = next.originalError ?? next.cause;
  }
  return links;
}
