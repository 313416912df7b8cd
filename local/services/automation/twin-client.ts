import { setTimeout as sleep } from "node:timers/promises";
import { member } from "./json-object";
import type { LocalPace } from "./runbook-executor";
import type { Sandbox } from "./sandbox";

/** The requests of the script: Invoke-Request, Get-ArmToken and Invoke-DataFactory. */
export interface TwinClient {
  /** @throws Error that names the factory, the path and ARM's own error. */
  dataFactory(
    method: "GET" | "POST",
    path: string,
    body?: unknown,
    alsoRetry?: readonly number[],
  ): Promise<unknown>;
}

export interface TwinClientOptions {
  readonly credentialName: string;
  readonly tenantId: string;
  readonly factoryName: string;
  /** Path of the factory below ARM's endpoint. */
  readonly factoryPath: string;
  readonly pace: LocalPace;
  readonly sandbox: Sandbox;
  readonly jobId: string;
  readonly signal: AbortSignal;
}

interface Request {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | URLSearchParams;
}

const tokenLifeMs = 30 * 60_000;

export function createTwinClient(options: TwinClientOptions): TwinClient {
  const { credentialName, factoryName, pace, sandbox, signal } = options;
  let token: { readonly value: string; readonly renewal: number } | undefined;

  const send = async (
    request: Request,
    what: string,
    alsoRetry: readonly number[] = [],
  ): Promise<unknown> => {
    let pause = pace.firstPollSeconds;
    for (let attempt = 1; ; attempt++) {
      const { status, text } = await sendOnce(request, signal);
      if (status >= 200 && status < 300) return text === "" ? undefined : (JSON.parse(text) as unknown);
      const again = [0, 408, 429, ...alsoRetry].includes(status) || status >= 500;
      if (!again || attempt >= 5) throw new Error(`${what} failed with status ${status}: ${errorText(text)}`);
      await sleep(pause * 1000, undefined, { signal });
      pause = Math.min(pause * 2, pace.longestPollSeconds);
    }
  };

  const signIn = (): Promise<unknown> => {
    if (credentialName !== "") {
      const credential = sandbox.credentials.get(credentialName.toLowerCase());
      if (credential === undefined) {
        throw new Error(
          `Automation credential '${credentialName}' is missing (variable 'ADF-CredentialName' names it).`,
        );
      }
      const form = {
        grant_type: "client_credentials",
        client_id: credential.userName,
        client_secret: credential.password,
        scope: "https://management.azure.com/.default",
      };
      const url = `${pace.loginEndpoint}/${encodeURIComponent(options.tenantId)}/oauth2/v2.0/token`;
      return send(
        { method: "POST", url, body: new URLSearchParams(form) },
        `Signing in with credential '${credentialName}'`,
      );
    }
    if (sandbox.identity === undefined) {
      throw new Error(
        "The Automation account has no managed identity, and variable ADF-CredentialName is empty.",
      );
    }
    const { endpoint, header } = sandbox.identity;
    const url = `${endpoint}?resource=https://management.azure.com/`;
    const headers = { "X-IDENTITY-HEADER": header, Metadata: "True" };
    return send({ method: "GET", url, headers }, "Signing in with the account's managed identity");
  };

  const armToken = async (): Promise<string> => {
    if (token === undefined || Date.now() >= token.renewal) {
      const value = String(member(await signIn(), "access_token"));
      token = { value, renewal: Date.now() + tokenLifeMs };
    }
    return token.value;
  };

  return {
    async dataFactory(method, path, body, alsoRetry) {
      const headers = {
        authorization: `Bearer ${await armToken()}`,
        "x-ms-client-request-id": options.jobId,
      };
      const url = `${pace.armEndpoint}${options.factoryPath}/${path}?api-version=2018-06-01`;
      const request: Request =
        body === undefined
          ? { method, url, headers }
          : {
              method,
              url,
              headers: { ...headers, "content-type": "application/json; charset=utf-8" },
              body: JSON.stringify(body),
            };
      return send(request, `Data Factory '${factoryName}', ${path},`, alsoRetry);
    },
  };
}

/** Status 0 stands for no answer at all. */
async function sendOnce(
  { url, ...init }: Request,
  signal: AbortSignal,
): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      ...init,
      signal: AbortSignal.any([signal, AbortSignal.timeout(100_000)]),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { status: 0, text: cause instanceof Error ? cause.message : String(cause) };
  }
}

/** ARM's `code: message`, or the answer as it is. */
function errorText(text: string): string {
  try {
    const problem = member(JSON.parse(text), "error");
    return member(problem, "message") ? `${member(problem, "code")}: ${member(problem, "message")}` : text;
  } catch {
    return text;
  }
}
