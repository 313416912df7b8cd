import { QtError } from "../errors/qt-error";
import { messageOf } from "../packages/kit/reason-of";
import { retry } from "../packages/kit/retry";
import { errorChain, isRefusedToken, isStatementTimeout, transienceOf } from "./transience";

const firewallRefusal = /Client with IP address '([^']+)' is not allowed to access the server/i;

/** The address that Azure's SQL firewall refused (error 40615), or undefined. */
export function refusedAddress(error: unknown): string | undefined {
  for (const { message } of errorChain(error)) {
    const address = firewallRefusal.exec(message)?.[1];
    if (address !== undefined) return address;
  }
  return undefined;
}

export interface RetryOptions {
  /** Pauses between attempts in milliseconds, one for each retry. Default: 5 s doubling to 60 s, about five minutes in all. */
  readonly pauses?: readonly number[];
  readonly log?: (line: string) => void;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  /** Decides about an error that is not transient; true means try again. */
  readonly recover?: (error: unknown) => Promise<boolean>;
}

/** How steps are repeated, with a log to write to. */
export type LoggedRetry = RetryOptions & { readonly log: (line: string) => void };

/** Half a minute with the default pauses. */
const REFUSED_TOKEN_RETRIES = 3;
const defaultPauses = [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000];

/**
 * Runs `action` until it succeeds, fails for good, or the pauses are used up; then throws the last error.
 * @throws QtError QT4035 if a statement of it ran into its time-out: it would do so again
 */
export function withRetry<T>(what: string, action: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { pauses = defaultPauses, log = () => {}, sleep, recover } = options;
  return retry(action, {
    sleep,
    async pauseAfter(error, attempt) {
      if (isStatementTimeout(error)) throw new QtError("QT4035", { step: what }, { cause: error });
      const pause = pauses[attempt - 1];
      if (pause === undefined || (isRefusedToken(error) && attempt > REFUSED_TOKEN_RETRIES)) return undefined;
      if (transienceOf(error) === "lasting" && !(await recover?.(error))) return undefined;
      log(`${what}: ${messageOf(error)} Trying again in ${pause / 1000} s.`);
      return pause;
    },
  });
}
