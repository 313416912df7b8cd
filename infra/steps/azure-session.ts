import { setTimeout as delay } from "node:timers/promises";
import type { TokenCredential } from "@azure/identity";
import { QtError } from "../../errors/qt-error";
import { reasonOf } from "../../packages/kit/reason-of";
import { type Cloud, discoverCloud } from "./cloud";
import { createCredential, type SignInEnvironment } from "./credential";

/** Azure as a step uses it, signed in as the deployer. */
export interface AzureSession {
  /**
   * Calls Resource Manager, and waits for the operation if the answer is 202.
   * @param id Resource id and operation, starting with `/subscriptions`.
   * @returns The parsed JSON body, or undefined if there is none.
   * @throws QtError QT1201 with the status and Azure's own code and message, QT1209 if the operation does not end.
   */
  arm<Body = unknown>(method: ArmMethod, id: string, call: ArmCall): Promise<Body>;
  /** An access token for Resource Manager (and for a site's publish endpoint). */
  armToken(): Promise<string>;
  /** An access token for Azure SQL. */
  sqlToken(): Promise<string>;
  /** Waits between two attempts; tests return at once. */
  pause(milliseconds: number): Promise<void>;
}

export type ArmMethod = "GET" | "PUT" | "POST" | "DELETE";

export interface ArmCall {
  readonly apiVersion: string;
  /** Sent as JSON. */
  readonly json?: unknown;
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

/** The environment of a session. */
export interface SessionEnvironment extends SignInEnvironment {
  /** Shortens every pause to at most so many milliseconds, where nothing takes Azure's time. */
  readonly QT_LONGEST_PAUSE_MS?: string | undefined;
}

/** @param env The variables for the cloud and the sign-in: ARM_METADATA_HOSTNAME, ARM_*, ACTIONS_ID_TOKEN_REQUEST_*; and pauses. */
export function createAzureSession(env: SessionEnvironment): AzureSession {
  const longest = Number(env.QT_LONGEST_PAUSE_MS || Number.POSITIVE_INFINITY);
  const pause = (milliseconds: number): Promise<void> => delay(Math.min(milliseconds, longest));
  let signedIn: Promise<{ cloud: Cloud; credential: TokenCredential }> | undefined;
  const signIn = () => {
    signedIn ??= discoverCloud(env.ARM_METADATA_HOSTNAME).then(async (cloud) => ({
      cloud,
      credential: await createCredential(env, cloud),
    }));
    return signedIn;
  };
  const token = async (scopeOf: (cloud: Cloud) => string) => {
    const { cloud, credential } = await signIn();
    return accessToken(credential, scopeOf(cloud));
  };
  const armToken = () => token((cloud) => cloud.armScope);
  return {
    pause,
    armToken,
    sqlToken: () => token((cloud) => cloud.sqlScope),
    async arm<Body>(method: ArmMethod, id: string, call: ArmCall) {
      const { cloud } = await signIn();
      return callArm<Body>(cloud.resourceManager, await armToken(), method, id, call, { pause });
    },
  };
}

/**
 * An access token that a credential issues.
 * @throws QtError QT1205 if it issues none, or the credential's own QtError.
 */
export async function accessToken(credential: TokenCredential, scope: string): Promise<string> {
  const issued = await credential.getToken(scope).catch((error: unknown) => {
    if (error instanceof QtError) throw error;
    throw new QtError("QT1205", { reason: reasonOf(error) }, { cause: error });
  });
  if (issued === null) throw new QtError("QT1205", { reason: "the credential returned no token" });
  return issued.token;
}

/** No operation of a step takes this long; the token lives longer. */
const OPERATION_LIMIT_MS = 30 * 60_000;
/** The pause if the answer does not say when to poll again. */
const POLL_MS = 2000;

interface Waiting {
  /** Default: half an hour. */
  readonly limitMs?: number;
  readonly pause?: AzureSession["pause"];
}

/** One call with a given token; waits for the end of a 202, but no longer than the limit. */
export async function callArm<Body>(
  base: string,
  bearer: string,
  method: ArmMethod,
  id: string,
  { apiVersion, json, text }: ArmCall,
  { limitMs = OPERATION_LIMIT_MS, pause: wait = delay }: Waiting = {},
): Promise<Body> {
  const authorization = `Bearer ${bearer}`;
  const sent =
    text ?? (json === undefined ? undefined : { type: "application/json", body: JSON.stringify(json) });
  const deadline = performance.now() + limitMs;
  let response = await fetch(`${base}${id}?api-version=${apiVersion}`, {
    method,
    headers: { authorization, ...(sent && { "content-type": sent.type }) },
    body: sent?.body ?? null,
  });
  let location = pollUrlOf(response);
  while (location !== null) {
    const pause = pauseOf(response);
    if (performance.now() + pause > deadline) {
      throw new QtError("QT1209", { method, id, minutes: Math.round(limitMs / 60_000) });
    }
    await wait(pause);
    response = await fetch(location, { headers: { authorization } });
    const status = await operationStatusOf(response);
    if (status === "Failed" || status === "Canceled")
      throw new ArmCallError(response.status, { method, id, reason: reasonIn(await response.text()) });
    if (status === undefined || status === "Succeeded") location = pollUrlOf(response);
  }
  const answer = await response.text();
  if (!response.ok) throw new ArmCallError(response.status, { method, id, reason: reasonIn(answer) });
  return (answer === "" ? undefined : parse(answer)) as Body;
}

/** The URL at which an accepted operation is polled; null if the answer is final. */
function pollUrlOf({ status, headers }: Response): string | null {
  return status === 202 ? (headers.get("azure-asyncoperation") ?? headers.get("location")) : null;
}

/** Milliseconds until the next poll. Retry-After may also be a date, which is ignored. */
function pauseOf(response: Response): number {
  // Stryker disable next-line StringLiteral: every text but a number means the same
  const seconds = response.headers.get("retry-after") ?? "";
  return /^\d+$/.test(seconds) ? Number(seconds) * 1000 : POLL_MS;
}

/**
 * The status of an Azure-AsyncOperation, which answers 200 with its own status: Succeeded, Failed and Canceled end it, with any
 * other it continues (https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations).
 * @returns undefined if the answer is no such operation.
 */
async function operationStatusOf(response: Response): Promise<string | undefined> {
  if (response.status !== 200) return undefined;
  const body = parse(await response.clone().text()) as { status?: unknown } | null;
  return typeof body?.status === "string" ? body.status : undefined;
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
