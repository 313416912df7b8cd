import { setTimeout as delay } from "node:timers/promises";
import { QtError } from "../../errors/qt-error";
import { retry } from "../../packages/kit/retry";

export type ArmMethod = "GET" | "PUT" | "POST" | "DELETE";

export interface ArmCall {
  readonly apiVersion: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** False for a caller that repeats the call itself. Default: what passes (429, 5xx, a broken connection) is repeated. */
  readonly repeat?: false;
  /** Sent as it is, with its media type. */
  readonly text?: { readonly type: string; readonly body: string };
}

/** A failed call of Resource Manager; steps look at the status. */
export class ArmCallError extends QtError<"QT1201"> {
  constructor(
    readonly status: number,
    details: { method: string; id: string; reason: string },
  ) {
    super("QT1201", { ...details, status });
  }
}

/** The answer of a call; undefined if Resource Manager knows no such resource. */
export async function orAbsent<Body>(call: Promise<Body>): Promise<Body | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ArmCallError && error.status === 404) return undefined;
    throw error;
  }
}

/** No operation of a step takes this long; the token lives longer. */
const OPERATION_LIMIT_MS = 30 * 60_000;
/** The pause if the answer does not say when to ask again. */
const POLL_MS = 2000;
/** Pauses between the attempts of one request. */
const REPEATS_MS = [1000, 2000, 4000, 8000, 16_000];
/** Statuses that pass, as the Azure SDKs have them (https://learn.microsoft.com/azure/architecture/best-practices/retry-service-specific). */
const PASSING: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

interface Waiting {
  /** Default: half an hour. */
  readonly limitMs?: number;
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/** A request of Resource Manager, or a poll of its operation. */
type Send = (url: string, init: RequestInit) => Promise<Response>;

/**
 * One call with a given token. It is repeated while the failure may pass, no more than five times and as Retry-After says; every call of a
 * step may be. An operation is followed to its end as documented
 * (https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations), but no longer than the limit.
 */
export async function callArm<Body>(
  base: string,
  bearer: string,
  method: ArmMethod,
  id: string,
  { apiVersion, json, text, repeat }: ArmCall,
  { limitMs = OPERATION_LIMIT_MS, pause = delay }: Waiting = {},
): Promise<Body> {
  const deadline = performance.now() + limitMs;
  const wait = async (milliseconds: number): Promise<void> => {
    if (performance.now() + milliseconds > deadline)
      throw new QtError("QT1209", { method, id, minutes: Math.round(limitMs / 60_000) });
    await pause(milliseconds);
  };
  const authorization = `Bearer ${bearer}`;
  const send: Send = (url, init) => {
    const once = () => fetch(url, { ...init, headers: { ...init.headers, authorization } });
    return repeat === false ? once() : repeated(once, wait);
  };
  const sent =
    text ?? (json === undefined ? undefined : { type: "application/json", body: JSON.stringify(json) });
  const url = `${base}${id}?api-version=${apiVersion}`;
  const first = await send(url, {
    method,
    headers: sent ? { "content-type": sent.type } : {},
    body: sent?.body ?? null,
  });
  const { response, failed } = await followed(first, { method, url, send, wait });
  const answer = await response.text();
  if (failed || !response.ok)
    throw new ArmCallError(response.status, { method, id, reason: reasonIn(answer) });
  return (answer === "" ? undefined : parse(answer)) as Body;
}

/** Sends until the answer is final, or the attempts are used up; then returns the last answer, or throws why there was none. */
function repeated(once: () => Promise<Response>, wait: (milliseconds: number) => Promise<void>) {
  let last: Response | undefined;
  const work = async () => {
    last = undefined;
    last = await once();
    if (PASSING.has(last.status)) throw new Error(`status ${last.status}`);
    return last;
  };
  return retry(work, {
    sleep: wait,
    pauseAfter: (_error, attempt) => {
      const pause = REPEATS_MS[attempt - 1];
      return pause === undefined ? undefined : ((last && retryAfterMs(last)) ?? pause);
    },
  }).catch((error: unknown) => last ?? Promise.reject(error));
}

interface Operation {
  readonly method: ArmMethod;
  /** Address of the resource, or of the action. */
  readonly url: string;
  readonly send: Send;
  wait(milliseconds: number): Promise<void>;
}

/** The answer with which an operation ends; the first answer if there is no operation. `failed`: Azure ended it otherwise than well. */
async function followed(
  first: Response,
  { method, url, send, wait }: Operation,
): Promise<{ readonly response: Response; readonly failed: boolean }> {
  let response = first;
  let poll = pollUrlOf(first, method, url);
  while (poll !== undefined) {
    await wait(retryAfterMs(response) ?? POLL_MS);
    response = await send(poll, {});
    if (!response.ok) break;
    const status = await operationStatusOf(response);
    if (status === "Failed" || status === "Canceled") return { response, failed: true };
    if (response.status !== 202 && (status === undefined || status === "Succeeded")) break;
    // A poll that is answered 202 may leave its address out: it is the same then.
    poll = operationUrlOf(response) ?? poll;
  }
  return { response, failed: false };
}

/** The address at which what the first answer began is followed; undefined if the answer is final. */
function pollUrlOf(first: Response, method: ArmMethod, url: string): string | undefined {
  // A created resource (201) may be under way as well; then it names its operation.
  if (first.status !== 202)
    return first.ok ? (first.headers.get("azure-asyncoperation") ?? undefined) : undefined;
  // Without an address, a PUT is over when the resource says so; nothing tells it of an action.
  return operationUrlOf(first) ?? (method === "PUT" ? url : undefined);
}

function operationUrlOf({ headers }: Response): string | undefined {
  return headers.get("azure-asyncoperation") ?? headers.get("location") ?? undefined;
}

/** Milliseconds to wait, as the answer says. Retry-After may also be a date, which is ignored. */
function retryAfterMs(response: Response): number | undefined {
  const seconds = response.headers.get("retry-after") ?? "";
  return /^\d+$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

/**
 * The status of an operation, which answers 200 with its own status, or of a resource that is being made: Succeeded, Failed and Canceled
 * end it, with any other it continues.
 * @returns undefined if the answer has neither.
 */
async function operationStatusOf(response: Response): Promise<string | undefined> {
  if (response.status !== 200) return undefined;
  const body = parse(await response.clone().text()) as {
    readonly status?: unknown;
    readonly properties?: { readonly provisioningState?: unknown };
  } | null;
  const status = body?.status ?? body?.properties?.provisioningState;
  return typeof status === "string" ? status : undefined;
}

function reasonIn(answer: string): string {
  const body = parse(answer) as { error?: { code?: string; message?: string } } | null;
  if (body?.error) return `${body.error.code ?? "error"}: ${body.error.message ?? ""}`;
  return answer.slice(0, 300) || "no reason given";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
