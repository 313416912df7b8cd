import { setTimeout as sleep } from "node:timers/promises";
import type { LocalPace } from "../../packages/azure-emulator/services/automation/run/runbook-executor";
import type { Sandbox } from "../../packages/azure-emulator/services/automation/run/sandbox";
import { isJsonObject, type JsonObject } from "../../packages/kit/json-object";
import { member, parseJsonObject, textMember } from "./json-member";
import type { TwinParameters } from "./twin-parameters";

/** The script's Invoke-Request, Get-ArmToken and Invoke-DataFactory. */
export interface TwinClient {
  /** @throws Error that names the factory, the path and ARM's own error. */
  dataFactory(
    method: "GET" | "POST",
    path: string,
    body?: unknown,
    alsoRetry?: readonly number[],
  ): Promise<JsonObject>;
}

export interface TwinClientOptions {
  readonly credentialName: string;
  readonly tenantId: string;
  readonly factoryName: string;
  /** The factory's path below ARM's endpoint. */
  readonly factoryPath: string;
  readonly given: TwinParameters;
  readonly sandbox: Sandbox;
  readonly clock: TwinClock;
  readonly signal: AbortSignal;
}

interface Request {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | URLSearchParams;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterSeconds: number;
}

const tokenLifeMs = 30 * 60_000;

export function createTwinClient(options: TwinClientOptions): TwinClient {
  const { credentialName, factoryName, given, sandbox, clock, signal } = options;
  let token: { readonly value: string; readonly renewal: number } | undefined;
  let status = 0;

  const send = async (
    request: Request,
    what: string,
    alsoRetry: readonly number[] = [],
  ): Promise<JsonObject> => {
    let refusals = 0;
    for (let attempt = 1; ; attempt++) {
      const answer = await sendOnce(request, given.requestSeconds, clock, signal);
      ({ status } = answer);
      if (status >= 200 && status <= 299) {
        try {
          return parseJsonObject(answer.text, "the answer");
        } catch {
          // The text is not shown: it could hold a token.
          throw new Error(`${what} got an answer that is not a JSON object.`);
        }
      }
      const again = [0, 408, 429, ...alsoRetry].includes(status) || status >= 500;
      if (status === 403) refusals++;
      // 14 attempts are a little more than ten minutes.
      const most = status === 403 ? 14 : 5 + refusals;
      if (!again || attempt >= most || clock.timeIsUp())
        throw new Error(`${what} failed with status ${status}: ${problemOf(answer.text)}`);
      await pauseBefore(given, clock, attempt, answer.retryAfterSeconds);
    }
  };

  const signIn = async (): Promise<string> => {
    let what = "Signing in with the account's managed identity";
    let answer: JsonObject;
    if (credentialName !== "") {
      const credential = await readAsset(
        `Automation credential '${credentialName}'`,
        ` (variable '${given.variablesPrefix}ADF-CredentialName' names it).`,
        sandbox.credentials,
        credentialName,
        (attempt) => pauseBefore(given, clock, attempt),
      );
      what = `Signing in with credential '${credentialName}'`;
      const form = {
        grant_type: "client_credentials",
        client_id: credential.userName,
        client_secret: credential.password,
        scope: "https://management.azure.com/.default",
      };
      const url = `${given.loginEndpoint}/${encodeURIComponent(options.tenantId)}/oauth2/v2.0/token`;
      answer = await send({ method: "POST", url, body: new URLSearchParams(form) }, what);
    } else {
      if (sandbox.identity === undefined) {
        throw new Error(
          `The Automation account has no managed identity, and variable ${given.variablesPrefix}ADF-CredentialName is empty.`,
        );
      }
      const { endpoint, header } = sandbox.identity;
      const url = `${endpoint}?resource=https://management.azure.com/`;
      const headers = { "X-IDENTITY-HEADER": header, Metadata: "True" };
      answer = await send({ method: "GET", url, headers }, what);
    }
    const value = textMember(answer, "access_token");
    if (value === "") throw new Error(`${what} got no access token.`);
    return value;
  };

  const armToken = async (): Promise<string> => {
    if (token === undefined || clock.now() >= token.renewal)
      token = { value: await signIn(), renewal: clock.now() + tokenLifeMs };
    return token.value;
  };

  return {
    async dataFactory(method, path, body, alsoRetry = []) {
      const url = `${given.armEndpoint}${options.factoryPath}/${path}?api-version=2018-06-01`;
      for (let tokens = 1; ; tokens++) {
        const headers: Record<string, string> = {
          authorization: `Bearer ${await armToken()}`,
          "x-ms-client-request-id": sandbox.jobId,
        };
        if (body !== undefined) headers["content-type"] = "application/json; charset=utf-8";
        const request: Request = {
          method,
          url,
          headers,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        };
        try {
          // A role that was just given to the identity takes up to ten minutes until it is known everywhere.
          return await send(request, `Data Factory '${factoryName}', ${path},`, [403, ...alsoRetry]);
        } catch (error) {
          // A cached token may expire before it is renewed here.
          if (status !== 401 || tokens >= 2) throw error;
          token = undefined;
        }
      }
    },
  };
}

/** The job's clock. */
export interface TwinClock {
  /** In ms since 1970. */
  now(): number;
  /** True once the job's deadline has passed. */
  timeIsUp(): boolean;
  pause(seconds: number): Promise<void>;
}

/** The machine's clock, unless a test replaces it. */
export function twinClock(
  { clock }: Pick<LocalPace, "clock">,
  deadlineMinutes: number,
  signal: AbortSignal,
): TwinClock {
  const now = () => clock?.now() ?? Date.now();
  const began = now();
  return {
    now,
    timeIsUp: () => now() - began >= deadlineMinutes * 60_000,
    async pause(seconds) {
      const milliseconds = Math.floor(seconds * 1000);
      if (clock === undefined) await sleep(milliseconds, undefined, { signal });
      else clock.pause(milliseconds);
    },
  };
}

/** The script's Start-Pause. */
export async function pauseBefore(
  { firstPollSeconds, longestPollSeconds, longestRetryAfterSeconds }: TwinParameters,
  clock: TwinClock,
  attempt: number,
  retryAfterSeconds = 0,
): Promise<void> {
  const pause = Math.min(firstPollSeconds * 2 ** (attempt - 1), longestPollSeconds);
  await clock.pause(Math.max(pause, Math.min(retryAfterSeconds, longestRetryAfterSeconds)));
}

/**
 * The script's Read-Asset: tries again if the asset cannot be read, but not if it does not exist.
 * @throws Error that says which of the two happened.
 */
export async function readAsset<T>(
  what: string,
  missingSuffix: string,
  assets: ReadonlyMap<string, T>,
  name: string,
  pause: (attempt: number) => Promise<void>,
): Promise<T> {
  const key = name.toLowerCase();
  if (!assets.has(key)) throw new Error(`${what} is missing${missingSuffix}`);
  for (let attempt = 1; ; attempt++) {
    try {
      return assets.get(key) as T;
    } catch (error) {
      if (attempt >= 3) throw new Error(`${what} could not be read: ${oneLine((error as Error).message)}`);
    }
    await pause(attempt);
  }
}

/** Status 0 means that there was no answer. */
async function sendOnce(
  { url, ...init }: Request,
  requestSeconds: number,
  clock: TwinClock,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestSeconds * 1000)]),
    });
    const asked = response.headers.get("retry-after") ?? "";
    // As .NET reads it: seconds that fit an int, or a date in HTTP's own form.
    const retryAfterSeconds = /^\d{1,9}$/.test(asked)
      ? Number(asked)
      : /^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/.test(asked)
        ? (Date.parse(asked) - clock.now()) / 1000
        : 0;
    return {
      status: response.status,
      text: await response.text(),
      retryAfterSeconds: Number.isNaN(retryAfterSeconds) ? 0 : retryAfterSeconds,
    };
  } catch (error) {
    signal.throwIfAborted();
    // The message of an error without a cause can hold a header, and with it a token.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : "no answer";
    const text =
      error instanceof Error && error.name === "TimeoutError" ? `no answer in ${requestSeconds} s` : cause;
    return { status: 0, text, retryAfterSeconds: 0 };
  }
}

/** The script's Get-Problem. */
function problemOf(text: string): string {
  try {
    const answer = parseJsonObject(text, "the answer");
    const problem = member(answer, "error");
    const [code, message] = isJsonObject(problem)
      ? [textMember(problem, "code"), textMember(problem, "message")]
      : [textMember(answer, "error"), textMember(answer, "error_description")];
    if (message !== "") return oneLine(code === "" ? message : `${code}: ${message}`);
  } catch {
    // Not JSON: shown as it is.
  }
  return oneLine(text);
}

/** The script's Get-Line. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes.
  const line = text.replace(/[\x00-\x20]+/g, " ").replace(/^ | $/g, "");
  return line === "" ? "no text" : line.slice(0, 1000);
}
