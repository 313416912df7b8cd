import { setTimeout as delay } from "node:timers/promises";
import { QtError } from "../../errors/qt-error";
import { isJsonObject } from "../../packages/kit/json-object";
import { messageOf } from "../../packages/kit/reason-of";
import { exchange, type HttpAnswer } from "./http";
import { parseJson } from "./parse-json";
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

/** Why there is no token. */
interface Refusal {
  readonly reason: string;
  /** True if it may be different at the next attempt. */
  readonly passing: boolean;
}

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
    private readonly sleep: (ms: number) => Promise<unknown> = delay,
  ) {}

  /** @throws QtError QT5009 */
  async getToken(scopes: string | string[]): Promise<AccessToken> {
    const resource = String(scopes).replace("/.default", "");
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
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#ask(url, identityHeader);
      if ("token" in answer) return answer;
      const { reason, passing } = answer;
      if (!passing || attempt === ATTEMPTS) throw new QtError("QT5009", { clientId, resource, reason });
      await this.sleep(WAIT_MS * (attempt + 1));
    }
  }

  async #ask(url: URL, identityHeader: string): Promise<AccessToken | Refusal> {
    try {
      return read(await this.send(url.href, { headers: { "x-identity-header": identityHeader } }));
    } catch (error) {
      return { reason: messageOf(error), passing: true };
    }
  }
}

function read({ status, text }: HttpAnswer): AccessToken | Refusal {
  const token = status === 200 ? parseToken(text) : undefined;
  if (token !== undefined) return token;
  const passing = [404, 410, 429].includes(status) || status >= 500;
  return { reason: `status ${status} ${describe(text)}`.trim(), passing };
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
