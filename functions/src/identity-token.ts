import { QtError } from "../../errors/qt-error";
import { isJsonObject } from "../../packages/kit/json-object";
import { exchange, type HttpAnswer } from "./http";
import type { Settings } from "./settings";

export interface AccessToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresOnTimestamp: number;
}

/** What tedious requires of a `token-credential`: the only method of @azure/identity that it uses. */
export interface TokenCredential {
  getToken(scopes: string | string[]): Promise<AccessToken>;
}

/** A token is renewed this long before it expires. */
const RENEW_BEFORE_MS = 5 * 60_000;
const ATTEMPTS = 3;
const WAIT_MS = 500;

type IdentitySettings = Pick<Settings, "clientId" | "identityEndpoint" | "identityHeader">;

/**
 * Gets the Function app's tokens from App Service's managed identity endpoint (api-version 2019-08-01). It replaces
 * @azure/identity, which would double the time of a cold start.
 */
export class IdentityCredential implements TokenCredential {
  readonly #tokens = new Map<string, AccessToken>();

  constructor(
    private readonly settings: IdentitySettings,
    private readonly send: typeof exchange = exchange,
    private readonly sleep: (ms: number) => Promise<void> = (ms) =>
      new Promise((done) => setTimeout(done, ms)),
  ) {}

  /** @throws QtError QT5009 */
  async getToken(scopes: string | string[]): Promise<AccessToken> {
    const resource = String(scopes).replace(/\/\.default$/, "");
    const known = this.#tokens.get(resource);
    if (known !== undefined && known.expiresOnTimestamp - RENEW_BEFORE_MS > Date.now()) return known;
    const token = await this.#request(resource);
    this.#tokens.set(resource, token);
    return token;
  }

  async #request(resource: string): Promise<AccessToken> {
    const { clientId, identityEndpoint, identityHeader } = this.settings;
    const url = new URL(identityEndpoint);
    url.searchParams.set("api-version", "2019-08-01");
    url.searchParams.set("resource", resource);
    url.searchParams.set("client_id", clientId);
    let reason = "";
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (attempt > 1) await this.sleep(WAIT_MS * attempt);
      const answer = await this.#ask(url, identityHeader);
      if (typeof answer !== "string" && answer.status === 200) {
        const token = parseToken(answer.text);
        if (token !== undefined) return token;
      }
      reason =
        typeof answer === "string" ? answer : `status ${answer.status} ${describe(answer.text)}`.trim();
      const passing =
        typeof answer === "string" || [404, 410, 429].includes(answer.status) || answer.status >= 500;
      if (!passing) break;
    }
    throw new QtError("QT5009", { clientId, resource, reason });
  }

  async #ask(url: URL, identityHeader: string): Promise<HttpAnswer | string> {
    try {
      return await this.send(url.href, { headers: { "x-identity-header": identityHeader } });
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

function parseToken(text: string): AccessToken | undefined {
  const parsed = parseJson(text);
  if (!isJsonObject(parsed) || typeof parsed.access_token !== "string") return undefined;
  const { access_token: token, expires_on: expires } = parsed;
  // Seconds since 1970 as text, according to the documentation; older platforms answer a date.
  const seconds = Number(expires);
  const time = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(String(expires));
  return { token, expiresOnTimestamp: Number.isFinite(time) ? time : Date.now() };
}

/** The endpoint's message about a refusal, which contains no token. */
function describe(text: string): string {
  const parsed = parseJson(text);
  if (!isJsonObject(parsed)) return "";
  const message = parsed.message ?? parsed.error_description ?? parsed.error;
  return typeof message === "string" ? message.slice(0, 300) : "";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
