import type { HttpRequest, InvocationContext } from "@azure/functions";
import { isPoolTimeout, transienceOf } from "../../database/transience";
import { QtError } from "../../errors/qt-error";
import type { JsonObject } from "../../packages/kit/json-object";
import { messageOf } from "../../packages/kit/reason-of";
import { entriesOf } from "./entries";
import { errorBody } from "./error-body";
import type { Feed } from "./feed";
import { createLog, type Log } from "./log";
import { parseOptions } from "./options";
import { buildPage, type Page } from "./page";
import { redact } from "./redact";
import { type FivetranRequest, parseRequest } from "./request";
import { withRetry } from "./retry";
import { RowSizes } from "./row-sizes";
import { setupTest } from "./setup-test";
import { parseState } from "./state";
import type { TimeLimits } from "./time-limits";

/** The handler's dependencies. */
export interface HandlerDependencies {
  /** The database's feed. @throws QtError QT5001 if a setting is missing. */
  readonly feed: () => Feed;
  /** Logs in to Quantemplate with the connection's secrets; connection tests only. */
  readonly checkQuantemplate: (secrets: JsonObject) => Promise<void>;
  /** The database's names, for messages. */
  readonly database: () => { readonly server: string; readonly database: string };
  /** Values that must not appear in any message, in addition to the request's own secrets. */
  readonly secrets: () => readonly string[];
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly limits: TimeLimits;
  /** The most that a page may hold, in bytes. @throws QtError QT5001 */
  readonly pageBytesLimit: () => number;
}

/** What the function answers. */
interface JsonAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** Azure cuts off an HTTP answer after 230 s. A page aims for one minute, and fails early enough to report that. */
export const DEFAULT_LIMITS: TimeLimits = { soft: 60_000, hard: 200_000 };

/** The function: it answers each call of Fivetran's with one page. Every answer is HTTP 200 with JSON, even errors. */
export function createHandler(dependencies: HandlerDependencies) {
  const sizes = new RowSizes();
  return async (http: HttpRequest, context: InvocationContext): Promise<JsonAnswer> => {
    const started = dependencies.now();
    let secrets = dependencies.secrets();
    let log = createLog(context, {});
    try {
      const request = parseRequest(await http.text());
      secrets = [...request.secretTexts, ...secrets];
      log = createLog(context, {
        sync_id: request.syncId === undefined ? undefined : redact(request.syncId, secrets),
        setup_test: request.setupTest || undefined,
      });
      const body = await answer(request, dependencies, { started, log, secrets, sizes });
      return json(body);
    } catch (error) {
      const body = errorBody(asDatabaseError(error, dependencies), secrets);
      const cause =
        error instanceof QtError && error.cause !== undefined
          ? redact(String(error.cause), secrets)
          : undefined;
      log.error("error", { ...body, cause, duration_ms: dependencies.now() - started });
      return json(Buffer.from(JSON.stringify(body)));
    }
  };
}

/** What a call has of its own. */
interface Call {
  readonly started: number;
  readonly log: Log;
  /** Values that must never appear in a message. */
  readonly secrets: readonly string[];
  readonly sizes: RowSizes;
}

async function answer(
  request: FivetranRequest,
  dependencies: HandlerDependencies,
  { started, log, secrets, sizes }: Call,
): Promise<Buffer> {
  const { limits, now, sleep } = dependencies;
  const feed = dependencies.feed();
  const deadline = started + limits.hard;
  /** A timer takes whole milliseconds, and no negative ones. */
  const timeLeft = () => Math.max(Math.ceil(deadline - now()), 1);
  const retry = { deadline, now, sleep, onRetry: onRetry(log, secrets) };
  if (request.setupTest) {
    const body = await withRetry(
      () => setupTest(request, { ...dependencies, feed }, AbortSignal.timeout(timeLeft())),
      retry,
    );
    log.info("setup_test", { bytes: body.length, duration_ms: now() - started });
    return body;
  }
  const options = parseOptions(request.customPayload, dependencies.pageBytesLimit());
  const state = parseState(request.state);
  // Nothing is sent before the page is complete, so a failed attempt can simply be repeated.
  const page = await withRetry(async () => {
    const left = timeLeft();
    const entries = entriesOf(await feed.listDatasets(AbortSignal.timeout(left)), options.datasets);
    const pageLimits = { soft: Math.min(limits.soft, left), hard: left };
    return buildPage({ feed, entries, state, options, limits: pageLimits, now, sizes });
  }, retry);
  logPage(log, page, now() - started);
  return page.body;
}

const onRetry = (log: Log, secrets: readonly string[]) => (error: unknown, attempt: number) =>
  log.warn("retry", { attempt, reason: redact(messageOf(error), secrets) });

function logPage(log: Log, page: Page, duration: number): void {
  for (const [dataset, reason] of page.resync) log.info("resync", { dataset, reason });
  for (const dataset of page.future) log.warn("cursor_ahead", { dataset });
  log.info("page", {
    rows: page.inserted + page.deleted,
    inserted: page.inserted,
    deleted: page.deleted,
    bytes: page.body.length,
    has_more: page.hasMore,
    duration_ms: duration,
  });
}

/** Turns a driver's error into one that says what it means for the sync. */
function asDatabaseError(error: unknown, { database }: HandlerDependencies): unknown {
  if (!isDriverError(error)) return error;
  const own = tokenError(error);
  if (own !== undefined) return own;
  const hint = transienceOf(error) === "waking" ? " (the database was still waking up)" : "";
  return new QtError("QT5008", { ...database(), reason: `${error.message}${hint}` }, { cause: error });
}

/** Names of the error classes of `mssql`. */
const DRIVER_ERRORS = new Set([
  "ConnectionError",
  "RequestError",
  "TransactionError",
  "PreparedStatementError",
  "MSSQLError",
]);

function isDriverError(error: unknown): error is Error {
  return error instanceof Error && (DRIVER_ERRORS.has(error.name) || isPoolTimeout(error));
}

/** Our credential's error, which tedious wraps and which says more. */
function tokenError(error: Error): QtError | undefined {
  const { originalError, cause } = error as Error & { originalError?: unknown };
  for (const inner of [originalError, cause]) {
    if (inner instanceof QtError) return inner;
    if (inner instanceof AggregateError) return inner.errors.find((each) => each instanceof QtError);
    if (inner instanceof Error) {
      const deeper = tokenError(inner);
      if (deeper !== undefined) return deeper;
    }
  }
  return undefined;
}

const json = (body: Buffer): JsonAnswer => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body,
});
